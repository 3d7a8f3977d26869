import type { IDataObject } from 'n8n-workflow';

import {
	hideTokens,
	makeAddress,
	makeToken,
} from '../../nodes/KommoAccountTrigger/registration/address';
import { listCodes } from '../../nodes/KommoAccountTrigger/registration/codes';
import { findUrlProblem } from '../../nodes/KommoAccountTrigger/registration/reachability';
import { rememberNext, tokenOf } from '../../nodes/KommoAccountTrigger/registration/remembered';
import { webhookRefusals } from '../../nodes/KommoAccountTrigger/registration/sentences';
import { isRegistered, type Webhook } from '../../nodes/KommoAccountTrigger/registration/webhooks';
import type { Json, JsonMap } from '../../nodes/shared/events/json';
import { AccountHooks, type HookSetup } from '../support/accountHooks';
import { letTimeFly } from '../support/virtualTime';
import { Webhooks } from '../../scripts/kommo/standIn/webhooks';

const URL = 'https://n8n.example.com/webhook/5b1e/kommo';
const TOKEN = '0123456789abcdef0123456789abcdef';
const ADDRESS = `${URL}?token=${TOKEN}&n=1`;

const webhook = (destination: string, changes: Partial<Webhook> = {}): Webhook => ({
	destination,
	disabled: false,
	settings: ['add_message', 'add_lead'],
	...changes,
});

describe('the address to register', () => {
	test('has a token of 32 hexadecimal digits, and a serial that counts up', () => {
		const remembered = {};
		const addresses = [1, 2, 3].map(() => rememberNext(remembered, URL, 'acme.kommo.com'));
		const token = tokenOf(remembered);
		expect(token).toMatch(/^[\da-f]{32}$/);
		expect(addresses).toEqual([1, 2, 3].map((serial) => `${URL}?token=${token}&n=${serial}`));
		expect(remembered).toEqual({
			token,
			serial: 3,
			address: addresses[2],
			account: 'acme.kommo.com',
			isPending: true,
		});
	});

	test('differs from those that Kommo lists, even with an old memory', () => {
		const remembered = { token: TOKEN, serial: 2 };
		const listed = [makeAddress(URL, TOKEN, 7), `${URL}?n=x`, URL];
		expect(rememberNext(remembered, URL, 'acme.kommo.com', listed)).toBe(
			makeAddress(URL, TOKEN, 8),
		);
	});

	test.each([{ token: '' }, { token: 7, serial: 'x' }, { token: 'a&n=1' }])(
		'has a new token when the memory %j has none',
		(damaged) => {
			const address = rememberNext(damaged as object, URL, 'acme.kommo.com');
			expect(address).toMatch(/\?token=[\da-f]{32}&n=1$/);
		},
	);

	test('has another token in another trigger', () => {
		expect(makeToken()).not.toBe(makeToken());
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

describe('a registration', () => {
	const isOne = (...webhooks: Webhook[]) =>
		isRegistered(webhooks, ADDRESS, ['add_lead', 'add_message']);

	test('is right with the same codes in any order, whatever else is registered', () => {
		expect(isOne(webhook('https://other.example.com/?token=1'), webhook(ADDRESS))).toBe(true);
	});

	test.each<[string, Webhook[]]>([
		['there is none', []],
		['only another address is registered', [webhook(`${URL}?token=${TOKEN}&n=2`)]],
		['it is disabled', [webhook(ADDRESS, { disabled: true })]],
		['an event is missing', [webhook(ADDRESS, { settings: ['add_lead'] })]],
		['there is one too many', [webhook(ADDRESS, { settings: ['add_lead', 'add_message', 'x'] })]],
		[
			'another event is there instead',
			[webhook(ADDRESS, { settings: ['add_lead', 'add_lead', 'x'] })],
		],
		['it is there twice', [webhook(ADDRESS), webhook(ADDRESS)]],
	])('is wrong when %s', (_, webhooks) => {
		expect(isOne(...webhooks)).toBe(false);
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
		expect(findUrlProblem(url)).toMatch(/not a web address.*WEBHOOK_URL/);
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

describe('what Kommo refuses of a webhook', () => {
	const CODES = ['add_message', 'update_talk', 'add_invoice', 'add_lead'];
	const refused = (status: number, body: Json = {}) =>
		webhookRefusals(URL, CODES)({ status, body });
	const minding = (...errors: JsonMap[]) => ({
		'validation-errors': [{ request_id: '0', errors }],
	});

	test.each<[number, Json, RegExp]>([
		[402, {}, /not paid for \(402\)\. Pay/],
		[403, {}, /\(403\)\. Only an administrator may, with the plan Advanced or higher\. Choose/],
		[400, {}, /^Kommo refused the webhook \(400\)\. Check Trigger On and Additional Events/],
	])('is a sentence that says how to go on: %i %j', (status, body, sentence) => {
		expect(refused(status, body)).toMatch(sentence);
	});

	test.each<[JsonMap[], RegExp]>([
		[
			[{ code: 'NotSupportedChoice', path: 'settings.1', detail: 'Not a valid choice.' }],
			/^Kommo does not know the event Talk Updated \(422: Not a valid choice\)\. Take it out of Trigger On, then publish/,
		],
		[
			[{ code: 'NotSupportedChoice', path: 'settings[2]' }],
			/^Kommo does not know the event add_invoice \(422: NotSupportedChoice\)\. Take it out of Additional Events,/,
		],
		[
			[
				{ path: 'settings.1', detail: 'Not a valid choice.' },
				{ path: 'settings.2', detail: 'Not a valid choice.' },
			],
			/events Talk Updated, add_invoice \(422: Not a valid choice\)\. Take them out of Trigger On and Additional Events,/,
		],
		[
			[{ path: 'settings', detail: 'Unknown event update_talk' }],
			/^Kommo does not know the event Talk Updated/,
		],
	])('names the event, and says that the trigger is down: %j', (errors, sentence) => {
		const message = refused(422, minding(...errors));
		expect(message).toMatch(sentence);
		expect(message).toContain(
			'Until then the trigger receives nothing, even if it was published before',
		);
	});

	test.each<Json>([
		minding({ code: 'InvalidUrl', path: 'destination', detail: 'Invalid URL' }),
		minding({ path: 'destination', detail: 'Exceeds the maximum length of 255' }),
		{ title: 'Bad Request', detail: 'Invalid URL' },
	])("speaks of n8n's public address: %j", (body) => {
		expect(refused(400, body)).toMatch(
			/^Kommo does not take n8n's public address, https:\/\/n8n\.example\.com \(400: (Invalid URL|Exceeds .* 255)\)\. .*WEBHOOK_URL/,
		);
	});

	test.each<Json>([
		minding({ path: 'destination', detail: 'Webhooks limit exceeded' }),
		{ title: 'Bad Request', detail: 'Webhooks limit exceeded' },
	])('speaks of the limit of 100 webhooks: %j', (body) => {
		expect(refused(400, body)).toMatch(
			/which can have 100 \(400: Webhooks limit exceeded\)\. Delete some in Kommo under Settings/,
		);
	});

	test.each<Json>([
		null,
		'<html>',
		[],
		minding(),
		{ 'validation-errors': [null, { errors: 'x' }] },
	])('needs no reason: %j', (body) => {
		expect(refused(422, body)).toBe(
			'Kommo refused the webhook (422). Check Trigger On and Additional Events, then try again.',
		);
	});

	test.each([
		`${ADDRESS} is not reachable`,
		`${'x'.repeat(270)}${TOKEN}`,
		`?token=${TOKEN}`,
		`${URL}%3Ftoken%3D${TOKEN.toUpperCase()}`,
		`https://n8n.example.com/?token=${TOKEN.slice(0, 20)}`,
	])('leaves out the token that Kommo repeats: %s', (detail) => {
		for (const path of ['destination', 'settings.1', 'nonsense']) {
			expect(refused(422, minding({ path, detail })).toLowerCase()).not.toContain(
				TOKEN.slice(0, 8),
			);
		}
		expect(hideTokens(detail).toLowerCase()).not.toContain(TOKEN.slice(0, 8));
	});
});

describe('publishing', () => {
	const acme = 'acme.kommo.com';
	let kommo: { [host: string]: Webhooks };
	let hooks: AccountHooks;
	letTimeFly();

	const setup = (staticData: IDataObject, changes: Partial<HookSetup> = {}): HookSetup => ({
		url: URL,
		events: ['add_message'],
		account: 'acme',
		staticData,
		...changes,
	});

	/** The memory of a published trigger */
	const publish = async (changes?: Partial<HookSetup>) => {
		const staticData: IDataObject = {};
		await hooks.call('create', setup(staticData, changes));
		hooks.asked.length = 0;
		return staticData;
	};

	beforeEach(() => {
		kommo = { [acme]: new Webhooks(), 'beta.kommo.com': new Webhooks() };
		hooks = new AccountHooks(kommo);
	});

	test('an import in an n8n without a public address leaves the original alone, and names it', async () => {
		const exported = structuredClone(await publish());
		const copy = setup(exported, { url: 'http://localhost:5678/webhook/5b1e/kommo' });
		expect(await hooks.call('checkExists', copy)).toBe(false);
		await expect(hooks.call('create', copy)).rejects.toThrow(/cannot reach n8n at localhost/);
		await hooks.call('delete', copy);
		expect(hooks.asked).toEqual([]);
		expect(kommo[acme]!.registered).toHaveLength(1);
		expect(hooks.warnings).toEqual([
			expect.stringMatching(
				/The webhook https:\/\/n8n\.example\.com\/webhook\/5b1e\/kommo may still be registered in the Kommo account acme\.kommo\.com.*another n8n may use it\. If none does, delete it/,
			),
		]);
	});

	test('at another public address leaves the earlier one alone, and names it once, without its token', async () => {
		const staticData = await publish();
		const token = tokenOf(staticData);
		const moved = setup(staticData, { url: URL.replace('n8n.', 'automation.') });
		expect(await hooks.call('checkExists', moved)).toBe(false);
		await hooks.call('create', moved);
		expect(hooks.asked).toEqual(['POST', 'GET']);
		expect(kommo[acme]!.registered).toHaveLength(2);
		await hooks.call('delete', moved);
		expect(kommo[acme]!.registered).toHaveLength(1);
		expect(hooks.warnings).toHaveLength(1);
		expect(hooks.warnings[0]).not.toContain(token);
	});

	test('in another account leaves the earlier one alone, and names both accounts', async () => {
		const staticData = await publish();
		const edited = setup(staticData, { account: 'beta' });
		await hooks.call('delete', edited);
		expect(hooks.warnings).toEqual([
			expect.stringMatching(/registered in the Kommo account acme\.kommo\.com\..*beta\.kommo\.com/),
		]);
		await hooks.call('create', edited);
		expect(Object.values(kommo).map(({ registered }) => registered.length)).toEqual([1, 1]);
		expect(hooks.warnings).toHaveLength(1);
	});

	test("treats Kommo's former domain as the same account", async () => {
		const staticData = await publish();
		kommo['acme.amocrm.com'] = kommo[acme]!;
		const renamed = setup(staticData, { account: 'acme.amocrm.com' });
		expect(await hooks.call('checkExists', renamed)).toBe(true);
		expect(hooks.warnings).toEqual([]);
	});

	test('remembers the address before Kommo has it', async () => {
		kommo[acme]!.refusal = { status: 403 };
		const staticData: IDataObject = {};
		await expect(hooks.call('create', setup(staticData))).rejects.toMatchObject({
			message: expect.stringContaining('administrator'),
			httpCode: '403',
		});
		expect(staticData).toMatchObject({
			address: kommo[acme]!.asked[0]!.destination,
			account: acme,
		});
	});

	test.each(['add', 'replace', 'keep'] as const)(
		'registers the events that are chosen now, even with an old memory, when a second request would %s',
		async (manner) => {
			const earlier = structuredClone(await publish());
			const { staticData } = setup(structuredClone(earlier));
			await hooks.call('create', setup(staticData));
			kommo[acme]!.onSecondPost = manner;
			await hooks.call('create', setup(earlier, { events: ['add_lead'] }));
			expect(kommo[acme]!.registered).toMatchObject([
				{ destination: earlier.address, settings: ['add_lead'], disabled: false },
			]);
		},
	);

	test('registers an address that needs no rewriting, and removes it', async () => {
		const url = 'https://N8N.example.com:443/webhook/5b1e/kommo';
		const staticData = await publish({ url });
		expect(kommo[acme]!.registered).toMatchObject([{ destination: staticData.address }]);
		expect(staticData.address).toMatch(/^https:\/\/n8n\.example\.com\/webhook\/5b1e\/kommo\?/);
		await hooks.call('delete', setup(staticData, { url }));
		expect(kommo[acme]!.registered).toEqual([]);
	});

	test('removes nothing when Kommo writes the addresses in another way', async () => {
		const account = kommo[acme]!;
		const add = account.add.bind(account);
		jest
			.spyOn(account, 'add')
			.mockImplementation((address, codes) => add(address.replace('&', '&amp;'), codes));
		await publish();
		expect(account.registered).toHaveLength(1);
		expect(hooks.warnings).toEqual([expect.stringContaining('does not list the address')]);
	});

	test("looks at Kommo's list when an answer is lost, and registers once", async () => {
		kommo[acme]!.lostAnswers = 1;
		const staticData: IDataObject = {};
		await hooks.call('create', setup(staticData));
		expect(hooks.asked).toEqual(['POST', 'GET', 'GET']);
		expect(kommo[acme]!.registered).toMatchObject([{ destination: staticData.address }]);
	});

	test.each(['503', 'no answer'])(
		"at n8n's start continues after %s from Kommo, with a warning",
		async (fault) => {
			const staticData = await publish();
			if (fault === '503') kommo[acme]!.refusal = { status: 403, methods: ['GET'] };
			else delete kommo[acme];
			expect(await hooks.call('checkExists', setup(staticData, { activation: 'init' }))).toBe(true);
			expect(hooks.warnings).toEqual([expect.stringContaining('goes on as if it were')]);
			expect(await hooks.call('checkExists', setup(staticData))).toBe(false);
		},
	);

	test('unpublishing removes everything at its own URL and keeps the token', async () => {
		const staticData = await publish();
		const token = tokenOf(staticData);
		kommo[acme]!.add(`${URL}?token=old`, ['add_lead']);
		kommo[acme]!.add('https://crm.example.org/hook', ['add_lead']);
		await hooks.call('delete', setup(staticData));
		expect(kommo[acme]!.registered).toMatchObject([
			{ destination: 'https://crm.example.org/hook' },
		]);
		expect(staticData).toEqual({ token, serial: 1 });
	});

	test('unpublishing removes at least what it remembers when Kommo gives no list, and says so', async () => {
		const staticData = await publish();
		kommo[acme]!.refusal = { status: 403, methods: ['GET'] };
		await expect(hooks.call('delete', setup(staticData))).rejects.toThrow(/administrator/);
		expect(kommo[acme]!.registered).toEqual([]);
	});

	test('can be repeated even if Kommo also refuses to remove what failed', async () => {
		const staticData = {};
		kommo[acme]!.refusal = { status: 422, reason: 'No.' };
		await expect(hooks.call('create', setup(staticData))).rejects.toThrow(/Kommo/);
		await hooks.call('delete', setup(staticData));
		kommo[acme]!.refusal = undefined;
		await hooks.call('create', setup(staticData));
		expect(kommo[acme]!.registered).toHaveLength(1);
		expect(staticData).not.toHaveProperty('isPending');
	});

	test('can be repeated if it failed before it asked Kommo, because removing then throws nothing', async () => {
		const staticData = {};
		const wrong = setup(staticData, { account: 'https://crm.example.com' });
		await expect(hooks.call('create', wrong)).rejects.toThrow(/account/);
		await hooks.call('delete', wrong);
		expect(hooks.asked).toEqual([]);
		expect(hooks.warnings).toEqual([
			expect.stringMatching(/remembers no webhook.*Publish the workflow again.*account/),
		]);
	});
});
