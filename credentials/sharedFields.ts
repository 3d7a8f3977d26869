import type { INodeProperties } from 'n8n-workflow';

import { toAccountHost, toSignInHost } from './accountAddress';
import { callOf } from './expression';

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

/** Keeps all nodes, such as HTTP Request, from sending the credential to a host that is not Kommo's. */
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

/** The code for the account's host. `fields` is n8n's name for the credential's fields. */
function hostIn(fields: '$self' | '$credentials'): string {
	return callOf(toAccountHost, `${fields}.account ?? ''`);
}

/**
 * The account's host as an n8n expression. For a wrong address it is a `.invalid` host, which no request can
 * reach.
 */
export function accountHost(fields: '$self' | '$credentials'): string {
	return `{{ ${hostIn(fields)} ?? 'account-address-is-not-one-of-kommo.invalid' }}`;
}

/** The site on which the account's users sign in, as an n8n expression */
export const SIGN_IN_HOST = `{{ ${callOf(toSignInHost, hostIn('$self'))} }}`;
