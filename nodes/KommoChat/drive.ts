import type { KommoApi, RequestOptions } from '../shared/api/client';
import { KommoApiError, UNEXPECTED_ANSWER } from '../shared/api/problem';
import type { JsonMap } from '../shared/events/json';
import { startLimits } from './limits';
import { driveRefusals as refusals } from './refusal';

export interface FileToUpload {
	name: string;
	/** e.g. `image/png` */
	contentType: string;
	bytes: Uint8Array;
}

/** The ids by which a message names a file in the account's drive */
export interface UploadedFile {
	drive_uuid: string;
	drive_version_uuid: string;
}

/**
 * Uploads a file to the account's drive, in parts: https://developers.kommo.com/reference/files-api. The
 * drive has its own host, which Kommo's API tells.
 *
 * @throws KommoApiError, also if the file is larger than the account allows
 */
export async function upload(
	api: KommoApi,
	{ name, contentType, bytes }: FileToUpload,
): Promise<UploadedFile> {
	if (bytes.length === 0) throw new KommoApiError('The attachment is empty, so nothing was sent.');
	const account = { query: [['with', 'drive_url'] as const], refusals };
	const { drive_url } = await ask(api, 'GET', 'account', account);
	const body = { file_name: name, file_size: bytes.length, content_type: contentType };
	const drive = textOf(drive_url).replace(/\/$/, '');
	const session = await ask(api, 'POST', `${drive}/v1.0/sessions`, { body, refusals });

	const maxSize = Number(session.max_file_size);
	if (maxSize > 0 && bytes.length > maxSize) {
		throw new KommoApiError(
			`The attachment has ${bytes.length} bytes, but the account takes at most ${maxSize}, so nothing was sent. Send a smaller file, or a link to it.`,
		);
	}
	const size = Number(session.max_part_size) > 0 ? Number(session.max_part_size) : bytes.length;
	let url = textOf(session.upload_url);
	for (let start = 0; ; start += size) {
		const part = bytes.subarray(start, start + size);
		const answer = await ask(api, 'POST', url, { body: part, refusals });
		if (start + size >= bytes.length) {
			return {
				drive_uuid: textOf(answer.uuid),
				drive_version_uuid: textOf(answer.version_uuid),
			};
		}
		url = textOf(answer.next_url);
	}
}

async function ask(
	api: KommoApi,
	method: 'GET' | 'POST',
	path: string,
	content: RequestOptions,
): Promise<JsonMap> {
	const { body } = await api.request(method, path, content, startLimits());
	if (!body) throw new KommoApiError(UNEXPECTED_ANSWER);
	return body;
}

function textOf(value: unknown): string {
	if (typeof value !== 'string' || value === '') throw new KommoApiError(UNEXPECTED_ANSWER);
	return value;
}
