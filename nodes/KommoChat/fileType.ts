/** The type of a file, found by its first bytes */
export interface FileType {
	mimeType: string;
	/** Without a dot */
	extension: string;
}

/** How many bytes at the beginning of a file `findFileType` reads */
const HEAD_LENGTH = 16;

/** Containers after ISO/IEC 14496-12, by the brand that follows `ftyp` at byte 4. Other brands are MP4 videos. */
const BRANDS: ReadonlyArray<[brand: RegExp, type: FileType]> = [
	[/^M4[AB] /, { mimeType: 'audio/mp4', extension: 'm4a' }],
	[/^qt {2}/, { mimeType: 'video/quicktime', extension: 'mov' }],
	[/^3g/, { mimeType: 'video/3gpp', extension: '3gp' }],
	[/^(heic|heix|mif1)/, { mimeType: 'image/heic', extension: 'heic' }],
	[/^avif/, { mimeType: 'image/avif', extension: 'avif' }],
	[/^/, { mimeType: 'video/mp4', extension: 'mp4' }],
];

/** Other files, by their first bytes as latin1 */
const BEGINNINGS: ReadonlyArray<[beginning: RegExp, type: FileType]> = [
	[/^\xff\xd8\xff/, { mimeType: 'image/jpeg', extension: 'jpg' }],
	[/^\x89PNG\r\n/, { mimeType: 'image/png', extension: 'png' }],
	[/^GIF8[79]a/, { mimeType: 'image/gif', extension: 'gif' }],
	[/^RIFF[^]{4}WEBP/, { mimeType: 'image/webp', extension: 'webp' }],
	[/^RIFF[^]{4}WAVE/, { mimeType: 'audio/wav', extension: 'wav' }],
	[/^OggS/, { mimeType: 'audio/ogg', extension: 'ogg' }],
	[/^(ID3|\xff[\xf2\xf3\xfa\xfb])/, { mimeType: 'audio/mpeg', extension: 'mp3' }],
	[/^\xff[\xf0\xf1\xf8\xf9]/, { mimeType: 'audio/aac', extension: 'aac' }],
	[/^#!AMR/, { mimeType: 'audio/amr', extension: 'amr' }],
	[/^[^]E\xdf\xa3/, { mimeType: 'video/webm', extension: 'webm' }],
	[/^%PDF-/, { mimeType: 'application/pdf', extension: 'pdf' }],
];

/** Nothing for a type that is not listed here, such as a text. */
export function findFileType(bytes: Uint8Array): FileType | undefined {
	const head = Buffer.from(bytes.subarray(0, HEAD_LENGTH)).toString('latin1');
	const isContainer = head.slice(4, 8) === 'ftyp';
	const text = isContainer ? head.slice(8) : head;
	return (isContainer ? BRANDS : BEGINNINGS).find(([pattern]) => pattern.test(text))?.[1];
}

/** Kommo's type for an attachment in a chat */
export function kindOf(mimeType: string): 'picture' | 'video' | 'file' {
	const [kind] = mimeType.split('/');
	if (kind === 'image') return 'picture';
	return kind === 'video' ? 'video' : 'file';
}

/**
 * The type and the name of a file from a chat. Kommo may name a voice message `.ogg` when it is M4A, and a
 * program that trusts the name cannot read it (seen in July 2026).
 *
 * @param messageType Kommo's type of the message
 */
export function describeAttachment(
	bytes: Uint8Array,
	fileName: string,
	messageType: string,
	sentMimeType: string,
): { fileName: string; mimeType: string } {
	const found = findFileType(bytes);
	const isAudio = messageType === 'voice' || messageType === 'audio';
	if (found?.mimeType === 'audio/mp4' || (isAudio && found?.mimeType.endsWith('/mp4'))) {
		return {
			fileName: isAudio || /\.og[ga]$/i.test(fileName) ? 'voice.m4a' : fileName,
			mimeType: 'audio/mp4',
		};
	}
	const mimeType = found?.mimeType ?? sentMimeType;
	const hasExtension = /\.[a-z0-9]{1,5}$/i.test(fileName);
	return {
		fileName: found && !hasExtension ? `${fileName}.${found.extension}` : fileName,
		mimeType,
	};
}
