import { ACCOUNT_EVENTS } from '../../scripts/kommo/accountEvents';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';

const RECEIVED = ACCOUNT_EVENTS.find(({ code }) => code === 'add_message')!;

/**
 * The body of a received message without a text. The fields of the attachment are those that receivers in
 * public repositories read.
 */
export function makeVoiceMessage(id: number, link: string): string {
	const attachment = { type: 'voice', link, file_name: 'voice.ogg' };
	return httpBuildQuery({
		account: { subdomain: 'acme', id: 29085955, _links: { self: 'https://acme.kommo.com' } },
		message: { add: [{ ...RECEIVED.makeRecord(id), text: '', message_type: 'voice', attachment }] },
	});
}
