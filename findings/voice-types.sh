#!/usr/bin/env bash
# Messengers record voice as Ogg/Opus, M4A, audio in MP4, WebM or 3GP, and AAC. One would guess that
# file-type tells audio from video, and that file-type and mime-types agree. Audio alone in MP4,
# WebM and 3GP is called video; only the brand M4A is audio, with another MIME type than mime-types
# has for .m4a. Of the types, mime-types makes .oga, .adts and .mpga: not .ogg, .aac and .mp3.
# Here: a service that turns speech into text goes by such names and types. Download Attachment in
# Kommo Chat sets them itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
	file-type@22.3.0 mime-types@3.0.2

cat > look.mjs <<'JS'
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileTypeFromBuffer } from 'file-type';
import mime from 'mime-types';
for (const name of ['file-type', 'mime-types']) {
	const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
	console.log(`${name} ${version}`);
}

const bytes = (value) => (typeof value === 'string' ? Buffer.from(value, 'latin1') : value);
const joined = (...parts) => Buffer.concat(parts.map(bytes));
const zeros = (length) => Buffer.alloc(length);
function box(type, ...parts) {
	const body = joined(...parts);
	const size = zeros(4);
	size.writeUInt32BE(body.length + 8);
	return joined(size, type, body);
}
// ISO/IEC 14496-12: a file whose one track has the handler "soun"
const sound = box('trak', box('mdia', box('hdlr', zeros(8), 'soun', zeros(12), 'Sound\0')));
const iso = (brand) => joined(box('ftyp', brand, zeros(4), brand), box('moov', sound), box('mdat'));
// Matroska: one track of type 2, which is audio
const element = (id, body) => joined(Buffer.from(id, 'hex'), Buffer.of(0x80 | body.length), body);
const track = joined(element('83', Buffer.of(2)), element('86', bytes('A_OPUS')));
const webm = joined(
	element('1a45dfa3', element('4282', bytes('webm'))),
	element('18538067', element('1654ae6b', element('ae', track))),
);
const opusHead = joined('OpusHead', Buffer.of(1, 1, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0));
const ogg = joined('OggS\0\x02', zeros(20), Buffer.of(1, opusHead.length), opusHead);

const expected = [
	['Ogg/Opus', ogg, 'audio/ogg; codecs=opus', 'oga'],
	['M4A', iso('M4A '), 'audio/x-m4a', 'm4a'],
	['audio in MP4', iso('isom'), 'video/mp4', 'mp4'],
	['audio in WebM', webm, 'video/webm', 'webm'],
	['audio in 3GP', iso('3gp4'), 'video/3gpp', '3gp'],
	['AAC', Buffer.from('fff15080017ffc', 'hex'), 'audio/aac', 'adts'],
	['MP3', Buffer.from('fffb9064', 'hex'), 'audio/mpeg', 'mpga'],
];
for (const [name, file, type, extension] of expected) {
	const found = await fileTypeFromBuffer(joined(file, zeros(64)));
	const back = mime.extension(found.mime);
	console.log(`${name}: ${found.mime}, .${found.ext}; mime-types makes of the type .${back}`);
	assert.deepEqual([found.mime, back], [type, extension]);
}
console.log(`mime-types says of .m4a: ${mime.lookup('.m4a')}`);
assert.equal(mime.lookup('.m4a'), 'audio/mp4');
JS
node look.mjs
