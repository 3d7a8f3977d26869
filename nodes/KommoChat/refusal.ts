import { refusals } from '../shared/api/refusals';
import { NO_TALK } from '../shared/api/talks';

/** What to do if messages cannot be sent */
const BOT = 'On other plans, and in amoCRM, run a Salesbot.';

export const sendRefusals = refusals({
	400: ['Kommo refused the message', 'Correct it, then try again.'],
	402: [
		"Kommo did not take the message, because of the account's plan or because the plan's messages are used up",
		`The plan must be Trial, Pro or Enterprise. Look at the messages left in Kommo under Settings > Billing, and buy more. ${BOT} Its messages are not counted.`,
	],
	403: [
		'Kommo does not let the credential send messages',
		`Give the integration the scope "Sending to external chats", the account the plan Trial, Pro or Enterprise, and the user the right to the chat. ${BOT}`,
	],
	404: NO_TALK,
	422: [
		'Kommo refused the message',
		'A closed talk takes none: Kommo opens a new one when the customer writes again. Otherwise correct the message, then try again.',
	],
});

export const closeRefusals = refusals({
	403: [
		'Kommo does not let the credential close the talk',
		'Give its user the right to the chat, or use the credential of an administrator.',
	],
	404: NO_TALK,
	422: ['Kommo did not close the talk', 'It is closed already, or Force Close is needed.'],
});

export const driveRefusals = refusals({
	402: [
		'Kommo did not take the attachment, so nothing was sent',
		'The files of the account need a plan with enough space. Check it in Kommo.',
	],
	403: [
		'Kommo does not let the credential store the attachment, so nothing was sent',
		'Check that the integration has the scope "Access to files".',
	],
});

/** @param action what the node does to the lead or contact, e.g. `hand over the lead` */
export const editRefusals = (action: string, consequence = '') =>
	refusals({
		403: [
			`Kommo does not let the credential ${action}${consequence}`,
			'Give its user the right to edit the lead or contact and its fields, or use the credential of an administrator.',
		],
		404: [
			`Kommo has no lead or contact with this ID${consequence}`,
			'Check Entity ID, and the account address in the credential.',
		],
	});

export const botRefusals = refusals({
	403: [
		'Kommo does not let the credential use the Salesbot',
		'Give its user the right to edit the lead or contact, or use the credential of an administrator.',
	],
	404: [
		'Kommo has no such Salesbot, or no lead or contact with this ID',
		'Check Salesbot, Entity Type and Entity ID, and the account address in the credential.',
	],
});
