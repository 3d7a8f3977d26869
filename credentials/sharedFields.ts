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

/** Lets no node, such as HTTP Request, send the credential to a host that is not one of Kommo's. */
export const kommoHostsOnly: INodeProperties[] = [
	{
		displayName: 'Allowed HTTP Request Domains',
		name: 'allowedHttpRequestDomains',
		type: 'hidden',
		default: 'domains',
	},
	{
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'hidden',
		default: '*.kommo.com, *.amocrm.com, *.amocrm.ru',
	},
];
