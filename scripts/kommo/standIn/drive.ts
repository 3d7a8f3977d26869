import { json, type Answer } from './answers';

interface Session {
	name: string;
	size: number;
	contentType: string;
	parts: Buffer[];
}

/** A request to the drive */
export interface DriveRequest {
	/** The whole address, without its query */
	url: string;
	body: Buffer;
}

export const DRIVE_URL = 'https://drive-b.kommo.com';

/** The drive of the account, at a host of its own: https://developers.kommo.com/reference/files-api */
export class Drive {
	/** In bytes */
	maxPartSize = 524_288;

	/** In bytes */
	maxFileSize = 314_572_800;

	/** The complete files, by their uuid */
	readonly files = new Map<string, { name: string; contentType: string; bytes: Buffer }>();

	/** The sizes of all parts so far */
	readonly parts: number[] = [];

	private readonly sessions: Session[] = [];

	/** Accepts parts only in order, and each once. */
	answer({ url, body }: DriveRequest): Answer {
		if (url === `${DRIVE_URL}/v1.0/sessions`) return this.open(JSON.parse(String(body)));
		const [, number, part] = /\/v1\.0\/sessions\/upload\/(\d+)\/(\d+)$/.exec(url) ?? [];
		const session = this.sessions[Number(number)];
		if (!session || Number(part) !== session.parts.length || body.length > this.maxPartSize) {
			return json(400, { title: 'Bad Request', status: 400 });
		}
		session.parts.push(body);
		this.parts.push(body.length);
		const bytes = Buffer.concat(session.parts);
		if (bytes.length < session.size) {
			return json(200, { session_id: Number(number), next_url: makeUrl(number, session) });
		}
		const uuid = `f11e0000-0000-4000-8000-${String(number).padStart(12, '0')}`;
		const { name, contentType } = session;
		this.files.set(uuid, { name, contentType, bytes });
		return json(200, {
			uuid,
			version_uuid: uuid.replace('f11e', 'ae25'),
			name,
			size: bytes.length,
		});
	}

	private open(file: { file_name?: unknown; file_size?: unknown; content_type?: unknown }): Answer {
		const { file_name, file_size, content_type } = file;
		if (typeof file_name !== 'string' || typeof file_size !== 'number') {
			return json(400, { title: 'Bad Request', status: 400 });
		}
		const session = {
			name: file_name,
			size: file_size,
			contentType: String(content_type),
			parts: [],
		};
		const number = String(this.sessions.push(session) - 1);
		return json(200, {
			session_id: Number(number),
			upload_url: makeUrl(number, session),
			max_file_size: this.maxFileSize,
			max_part_size: this.maxPartSize,
		});
	}
}

const makeUrl = (number: string | undefined, { parts }: Session) =>
	`${DRIVE_URL}/v1.0/sessions/upload/${number}/${parts.length}`;
