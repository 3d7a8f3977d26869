import { createHmac, timingSafeEqual } from 'node:crypto';

import { toNumberIfId } from '../shared/decoding/ids';
import type { Id } from './parameters';

/** A lead or contact, by its list in Kommo's API */
export interface Target {
	list: 'leads' | 'contacts';
	id: Id;
}

/** A talk, and whom it is with */
export interface TalkRef {
	talkId: Id;
	target?: Target;
}

/** In characters of base64url; 132 bits */
const SIGNATURE_LENGTH = 22;

/**
 * Writes the reference as a text that an AI cannot make up: only somebody with the secret can sign it.
 *
 * @param secret that of the credential
 */
export function signTalkRef({ talkId, target }: TalkRef, secret: string): string {
	const name = [talkId, ...(target ? [target.list, target.id] : [])].join('.');
	return `${name}.${makeSignature(name, secret)}`;
}

/** Nothing if it was not signed with this secret. */
export function readTalkRef(text: string, secret: string): TalkRef | undefined {
	const match = /^((\d+)(?:\.(leads|contacts)\.(\d+))?)\.([\w-]+)$/.exec(text.trim());
	if (!match) return undefined;
	const [, name = '', talkId = '', list, id = '', signature = ''] = match;
	const expected = Buffer.from(makeSignature(name, secret));
	const given = Buffer.from(signature);
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
	return {
		talkId: toNumberIfId('id', talkId),
		...(list && { target: { list: list as Target['list'], id: toNumberIfId('id', id) } }),
	};
}

function makeSignature(name: string, secret: string): string {
	const hmac = createHmac('sha256', secret).update(`talk_ref ${name}`).digest('base64url');
	return hmac.slice(0, SIGNATURE_LENGTH);
}
