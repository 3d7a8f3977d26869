import type { INodeProperties } from 'n8n-workflow';

/** The field of both API credentials that says which account they are for. */
export const accountAddress: INodeProperties = {
	displayName: 'Account Address',
	name: 'account',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. acme.kommo.com',
	description:
		'The address of your Kommo account, as a name or a URL, such as acme, acme.kommo.com or https://acme.kommo.com/leads/. Accounts at amocrm.com and amocrm.ru work too.',
};
