import {
	addToken,
	tokenOf,
	withoutQuery,
} from '../../nodes/KommoAccountTrigger/registration/address';
import {
	isUpToDate,
	listCodes,
	listOutdated,
	type Webhook,
} from '../../nodes/KommoAccountTrigger/registration/plan';
import { explain } from '../../nodes/KommoAccountTrigger/registration/problem';
import { findUrlProblem } from '../../nodes/KommoAccountTrigger/registration/reachability';
import { KommoApiError } from '../../nodes/shared/api/problem';
import type { Json, JsonMap } from '../../nodes/shared/events/json';

const URL = 'https://n8n.example.com/webhook/5b1e/kommo';
const TOKEN = '0123456789abcdef0123456789abcdef';
const ADDRESS = `${URL}?token=${TOKEN}`;

const webhook = (destination: string, changes: Partial<Webhook> = {}): Webhook => ({
	destination,
	disabled: false,
	settings: ['add_message', 'add_lead'],
	...changes,
});

describe('an address', () => {
	test('has a token of 32 hexadecimal digits, another one each time', () => {
		const addresses = [addToken(URL), addToken(URL)];
		for (const address of addresses) {
			expect(withoutQuery(address)).toBe(URL);
			expect(address).toMatch(/\?token=[\da-f]{32}$/);
			expect(address.endsWith(tokenOf(address))).toBe(true);
		}
		expect(tokenOf(addresses[0]!)).not.toBe(tokenOf(addresses[1]!));
	});

	test('without a query has no token', () => {
		expect(tokenOf(URL)).toBe('');
		expect(tokenOf('')).toBe('');
	});
});

describe('listCodes', () => {
	test('gives the chosen codes and the additional ones, each once, and never other', () => {
		expect(listCodes(['add_message', 'other'], ' add_x, add_y,,add_message other')).toEqual([
			'add_message',
			'add_x',
			'add_y',
		]);
		expect(listCodes(['other'], '')).toEqual([]);
	});
});

describe('isUpToDate', () => {
	const isUp = (...webhooks: Webhook[]) =>
		isUpToDate(webhooks, ADDRESS, ['add_lead', 'add_message']);

	test('takes the address with the same codes in any order, whatever else the account has', () => {
		expect(isUp(webhook('https://other.example.com/?token=1'), webhook(ADDRESS))).toBe(true);
	});

	test.each<[string, Webhook[]]>([
		['nothing is registered', []],
		['only another token is', [webhook(`${URL}?token=old`)]],
		['it is disabled', [webhook(ADDRESS, { disabled: true })]],
		['an event is missing', [webhook(ADDRESS, { settings: ['add_lead'] })]],
		['there is one too many', [webhook(ADDRESS, { settings: ['add_lead', 'add_message', 'x'] })]],
		[
			'another event is there instead',
			[webhook(ADDRESS, { settings: ['add_lead', 'add_lead', 'x'] })],
		],
		['it is there twice', [webhook(ADDRESS), webhook(ADDRESS)]],
		['an earlier address is still there', [webhook(`${URL}?token=old`), webhook(ADDRESS)]],
	])('does not when %s', (_, webhooks) => {
		expect(isUp(...webhooks)).toBe(false);
	});
});

describe('listOutdated', () => {
	test('gives every earlier address of this trigger once, and no other', () => {
		const webhooks = [
			URL,
			ADDRESS,
			`${URL}?token=old`,
			`${URL}?token=old`,
			`${URL}2?token=old`,
			'https://n8n.example.com/webhook-test/5b1e/kommo?token=old',
			'https://other.example.com/',
		].map((destination) => webhook(destination));
		expect(listOutdated(webhooks, ADDRESS)).toEqual([URL, `${URL}?token=old`]);
	});
});

describe('findUrlProblem', () => {
	test.each([
		'http://localhost:5678/webhook/1/kommo',
		'https://n8n.localhost/webhook',
		'https://LOCALHOST./webhook',
		'http://n8n:5678/webhook',
		'https://nas.local/webhook',
		'https://n8n.internal/webhook',
		'http://127.0.0.1/webhook',
		'http://127.1/webhook',
		'http://0.0.0.0/webhook',
		'http://10.1.2.3/webhook',
		'http://172.16.0.1/webhook',
		'http://172.31.255.1/webhook',
		'http://192.168.1.5:5678/webhook',
		'http://169.254.1.1/webhook',
		'http://100.64.0.1/webhook',
		'http://[::1]:5678/webhook',
		'http://[fd12:3456::1]/webhook',
		'http://[fe80::1]/webhook',
	])('says of %s that Kommo cannot reach it, and what to do', (url) => {
		expect(findUrlProblem(url)).toMatch(/^Kommo cannot reach n8n at .*WEBHOOK_URL.*tunnel/);
	});

	test.each(['', 'n8n.example.com/webhook'])('says of "%s" that it is no address', (url) => {
		expect(findUrlProblem(url)).toMatch(/no address of the web.*WEBHOOK_URL/);
	});

	test.each([
		'https://n8n.example.com/webhook',
		'http://n8n.example.com:8080/webhook',
		'https://x.trycloudflare.com/webhook',
		'https://local.example.com/webhook',
		'http://172.15.0.1/webhook',
		'http://172.32.0.1/webhook',
		'http://100.128.0.1/webhook',
		'http://192.169.0.1/webhook',
		'http://203.0.113.9/webhook',
		'http://[2a01:4f8::1]/webhook',
		'https://fd12.example.com/webhook',
	])('has nothing against %s', (url) => {
		expect(findUrlProblem(url)).toBeUndefined();
	});
});

describe('explain', () => {
	const refused = (status: number, body: Json = {}) =>
		explain(new KommoApiError('Failed.', { status, body }), ADDRESS);

	test.each([
		[402, /not paid for \(402\)\. Pay/],
		[403, /\(403\)\. Only an administrator may, with the plan Advanced or higher\. Choose/],
		[500, /^Failed\.$/],
	])('says of a %i how to go on', (status, message) => {
		expect(refused(status)).toMatch(message);
	});

	test.each([400, 422])("gives Kommo's own reason for a %i", (status) => {
		const errors: JsonMap[] = [
			{ code: 'NotSupportedChoice', path: 'settings.0', detail: 'The value is not valid.' },
			{ code: 'Limit', path: 'settings.1' },
		];
		expect(refused(status, { 'validation-errors': [{ request_id: '0', errors }] })).toBe(
			`Kommo refused the webhook (${status}): settings.0: The value is not valid.; settings.1: Limit. Check Trigger On and Additional Events, then try again.`,
		);
	});

	test.each<Json>([null, '<html>', [], { 'validation-errors': [null, { errors: 'x' }] }])(
		'does without a reason in %j',
		(body) => {
			expect(refused(422, body)).toBe(
				'Kommo refused the webhook (422). Check Trigger On and Additional Events, then try again.',
			);
		},
	);

	test.each([`${ADDRESS} is not reachable`, `${'x'.repeat(270)}${TOKEN}`, `?token=${TOKEN}`])(
		'leaves out the token that Kommo repeats: %s',
		(detail) => {
			const errors = [{ path: 'destination', detail }];
			const message = refused(422, { 'validation-errors': [{ errors }] });
			expect(message).toContain('destination: ');
			expect(message).not.toContain(TOKEN.slice(0, 8));
		},
	);

	test('leaves out the token of an unexpected error', () => {
		expect(explain(new Error(`cannot send to ${ADDRESS}`), ADDRESS)).not.toContain(TOKEN);
	});
});
