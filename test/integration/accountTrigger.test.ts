import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { CHOICES } from '../../nodes/KommoAccountTrigger/events';
import { readItems, readWire } from '../support/wire';
import { failureOf } from '../support/failureOf';
import { KommoInMemory } from '../support/kommoInMemory';
import type { Webhook } from '../../scripts/kommo/standIn/webhooks';
import { letTimeFly } from '../support/virtualTime';
import { builtPackage, loadPackage } from '../support/builtPackage';
import { BuiltTrigger, type TriggerSetup } from '../support/builtTrigger';

const OTHERS = 'https://other.example.com/hook';

let kommo: KommoInMemory;

beforeAll(loadPackage);
letTimeFly();

beforeEach(() => {
	kommo = new KommoInMemory();
	kommo.webhooks.add(OTHERS, ['add_lead']);
});

/** What the account has, except the webhooks of others */
const own = () => kommo.webhooks.registered.filter(({ destination }) => destination !== OTHERS);

const makeTrigger = (setup: TriggerSetup = {}) =>
	new BuiltTrigger({
		type: 'kommoAccountTrigger',
		...kommo.access,
		...setup,
	});

const activated = async (setup?: TriggerSetup) => {
	const trigger = makeTrigger(setup);
	await trigger.activate();
	kommo.asked = [];
	return trigger;
};

const tokenIn = ({ destination }: Webhook) => new URL(destination).searchParams.get('token')!;

describe('publishing', () => {
	test('registers the webhook URL with a token for the chosen events, before it asks anything else', async () => {
		const parameters = {
			events: ['add_message', 'other', 'add_lead'],
			options: { additionalEvents: 'add_invoice' },
		};
		kommo.webhooks.codes.add('add_invoice');
		const trigger = makeTrigger({ parameters });
		await trigger.activate();
		expect(kommo.asked).toEqual(['POST webhooks', 'GET webhooks']);
		expect(own()).toEqual([
			expect.objectContaining({
				destination: expect.stringMatching(
					/^https:\/\/n8n\.example\.com\/webhook\/[\da-f-]{36}\/kommo\?token=[\da-f]{32}&n=1$/,
				),
				settings: ['add_message', 'add_lead', 'add_invoice'],
			}),
		]);
		expect(trigger.staticData).toEqual({
			token: tokenIn(own()[0]!),
			serial: 1,
			address: own()[0]!.destination,
			account: 'acme.kommo.com',
		});
	});

	test('works all the same when the earlier one cannot be removed, and warns without a token', async () => {
		const trigger = await activated();
		delete trigger.staticData.address;
		kommo.webhooks.refusal = { status: 403, methods: ['DELETE'] };
		await trigger.activate();
		expect(trigger.staticData.address).toBe(own()[1]!.destination);
		expect(trigger.warnings).toEqual([expect.stringMatching(/registered and works.*\(403\)/)]);
		for (const webhook of own()) {
			expect(trigger.warnings.join()).not.toContain(tokenIn(webhook));
		}
	});

	test('says how to go on when Kommo refuses', async () => {
		kommo.webhooks.refusal = { status: 403 };
		const error = await failureOf(makeTrigger().activate());
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/administrator.*plan Advanced/),
			httpCode: '403',
		});
	});

	test('tells nobody the token that Kommo repeats in its reason', async () => {
		kommo.webhooks.refusal = { status: 400, reason: '{destination} is wrong' };
		const error = await failureOf(makeTrigger().activate());
		expect(error.message).toContain('the webhook URL is wrong');
		expect(JSON.stringify([error, error.messages])).not.toMatch(/token=|[\da-f]{32}/);
	});

	test.each<[string, TriggerSetup, RegExp]>([
		['no event is chosen', { parameters: { events: [] } }, /No event is chosen/],
		['Other Events alone is chosen', { parameters: { events: ['other'] } }, /No event is chosen/],
		[
			'Trigger On has an expression',
			{ parameters: { events: '={{ ["add_message"] }}' } },
			/^Trigger On takes no expression/,
		],
		['Kommo cannot reach n8n', { webhookBase: 'http://localhost:5678/webhook' }, /at localhost/],
	])('is refused when %s, before anything is asked', async (_, setup, message) => {
		const error = await failureOf(makeTrigger(setup).activate());
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toMatch(message);
		expect(kommo.asked).toEqual([]);
	});
});

describe('unpublishing', () => {
	test('remembers the address while it cannot be removed, and says why without its token', async () => {
		const trigger = await activated();
		kommo.webhooks.refusal = { status: 403, methods: ['DELETE'] };
		const error = await failureOf(trigger.deactivate());
		expect(error.message).toMatch(/administrator/);
		expect(JSON.stringify(error)).not.toContain(tokenIn(own()[0]!));
		expect(trigger.staticData.address).toBe(own()[0]!.destination);
	});
});

describe('a request', () => {
	const body = 'message[add][0][id]=b26b&message[add][0][text]=Ol%C3%A1&message[add][0][talk_id]=7';

	test('with the registered token starts the workflow with the text of the message', async () => {
		const trigger = await activated();
		const token = tokenIn(own()[0]!);
		const { status, outputs } = await trigger.receive({ body, query: { token } });
		expect(status).toBe(200);
		expect(outputs).toEqual([
			[{ event: 'add', entity: 'message', id: 'b26b', text: 'Olá', talk_id: 7 }],
		]);
		expect(JSON.stringify(outputs)).not.toContain(token);
	});

	test('leaves each event on its own output, and those of additional codes on Other', async () => {
		const parameters = { events: ['other', 'add_company', 'add_contact', 'status_lead'] };
		const trigger = await activated({ parameters });
		const { outputs } = await trigger.receive({
			body: 'contacts[add][0][id]=1&contacts[add][1][id]=2&contacts[add][1][type]=company&leads[status][0][id]=3&invoice[add][0][id]=4',
			query: { token: tokenIn(own()[0]!) },
		});
		expect(outputs?.map((items) => items.map(({ id }) => id))).toEqual([[4], [2], [1], [3]]);
	});

	test('of a new responsible user leaves on its own output if that is chosen, and otherwise with the edits', async () => {
		const receive = async (events: string[]) => {
			const trigger = await activated({ parameters: { events } });
			const query = { token: tokenIn(own().at(-1)!) };
			const { outputs } = await trigger.receive({ body: readWire('contact-responsible'), query });
			return outputs?.map((items) => items.length);
		};
		expect(await receive(['update_contact', 'responsible_contact'])).toEqual([0, 1]);
		expect(await receive(['update_contact', 'other'])).toEqual([1, 0]);
		expect(await receive(['responsible_lead', 'other'])).toEqual([0, 1]);
		expect(await receive(['responsible_company'])).toBeUndefined();
	});

	test.each([
		['message-outgoing', 'add_outgoing_message'],
		['template-without-entity', 'add_chat_template_review'],
		['talk-delete', 'delete_talk'],
		['json-form-names', 'add_message'],
	])('%s leaves on the output of %s', async (name, code) => {
		const others = ['add_message', 'add_outgoing_message'].filter((other) => other !== code);
		const trigger = await activated({ parameters: { events: [...others, code] } });
		const query = { token: tokenIn(own().at(-1)!) };
		const { outputs } = await trigger.receive({ body: readWire(name), query });
		expect(outputs).toEqual([...others.map(() => []), readItems(name)]);
	});

	test.each<[string, (token: string) => object]>([
		['without a token', () => ({})],
		['with a wrong one', () => ({ token: '0123456789abcdef0123456789abcdef' })],
		['with the token twice', (token) => ({ token: [token, token] })],
	])('%s gets 401, before its body is read', async (_, makeQuery) => {
		const trigger = await activated();
		const query = { ...makeQuery(tokenIn(own()[0]!)) };
		const readError = new Error('The body was read');
		expect(await trigger.receive({ query, readError })).toEqual({
			status: 401,
			answer: { message: expect.stringContaining('unpublish the workflow and publish it again') },
		});
	});

	test('with the token is accepted at an earlier address too, which Kommo may try again', async () => {
		const trigger = await activated();
		const query = Object.fromEntries(new URL(own()[0]!.destination).searchParams);
		await trigger.deactivate();
		await trigger.activate();
		expect(own()[0]!.destination).toContain(`token=${query.token}&n=2`);
		expect(await trigger.receive({ body, query })).toMatchObject({ status: 200 });
	});

	test('with the token is accepted after n8n has lost it, and n8n then has it again', async () => {
		const trigger = await activated();
		const stored = { ...trigger.staticData };
		const query = { token: tokenIn(own()[0]!) };
		trigger.loseStaticData();
		expect(await trigger.receive({ body, query, isTest: true })).toMatchObject({ status: 401 });
		expect(await trigger.receive({ body, query })).toMatchObject({ status: 200 });
		expect(trigger.staticData).toEqual(stored);
		const another = makeTrigger();
		expect(await another.receive({ body, query })).toMatchObject({ status: 401 });
	});

	test.each<[string, (trigger: BuiltTrigger) => unknown]>([
		['unpublished', async (trigger) => await trigger.deactivate()],
		[
			'unpublished while Kommo refuses that',
			async (trigger) => {
				kommo.webhooks.refusal = { status: 403 };
				await failureOf(trigger.deactivate());
			},
		],
		['renamed, by another process of n8n', (trigger) => trigger.rename('Renamed')],
	])('with the token gets 401 if the trigger is %s, and n8n has lost it', async (_, change) => {
		const trigger = await activated();
		const query = { token: tokenIn(own()[0]!) };
		await change(trigger);
		trigger.loseStaticData();
		expect(await trigger.receive({ body, query })).toMatchObject({ status: 401 });
	});

	test('with the token gets 401 after the trigger is renamed and published again', async () => {
		const trigger = await activated();
		const query = { token: tokenIn(own()[0]!) };
		await trigger.deactivate();
		trigger.rename('Renamed');
		await trigger.activate();
		expect(await trigger.receive({ body, query })).toMatchObject({ status: 401 });
	});

	test('without a registered token gets 401, and n8n logs what to do, without a token', async () => {
		const trigger = makeTrigger();
		const token = '0123456789abcdef0123456789abcdef';
		for (const given of [token, '']) {
			expect(await trigger.receive({ body, query: { token: given } })).toMatchObject({
				status: 401,
			});
		}
		expect(trigger.warnings).toEqual(
			Array.from({ length: 2 }, () => expect.stringMatching(/an old registration.*Unpublish/)),
		);
		expect(trigger.warnings.join()).not.toContain(token);
	});

	test('brings a message with its lead and its contact in one item', async () => {
		const options = { enrich: ['record', 'contact'] };
		const trigger = await activated({ parameters: { options } });
		const { outputs } = await trigger.receive({
			body: 'message[add][0][text]=Hi&message[add][0][entity_type]=lead&message[add][0][entity_id]=7&message[add][0][contact_id]=9',
			query: { token: tokenIn(own()[0]!) },
		});
		expect(outputs?.[0]).toEqual([
			expect.objectContaining({
				text: 'Hi',
				record: expect.objectContaining({ name: 'Lead 7' }),
				contact: { id: 9, name: 'Contact 9' },
			}),
		]);
		expect(outputs?.[0]?.[0]).not.toHaveProperty('enrichment_error');
	});

	test('ignores Latest Message, which it does not offer', async () => {
		const options = { enrich: '={{ ["message"] }}' };
		const trigger = await activated({ parameters: { options } });
		kommo.asked = [];
		const { outputs } = await trigger.receive({
			body: `${body}&message[add][0][entity_type]=lead&message[add][0][entity_id]=7`,
			query: { token: tokenIn(own()[0]!) },
		});
		expect(outputs?.[0]).toHaveLength(1);
		expect(outputs?.[0]?.[0]).not.toHaveProperty('message');
		expect(outputs?.[0]?.[0]).not.toHaveProperty('enrichment_error');
		expect(kommo.asked).toEqual([]);
	});
});

test('the trigger has all events in its panel, and one output for received messages', () => {
	const { node } = makeTrigger();
	const { description } = builtPackage().getNode('kommoAccountTrigger').type as never as {
		description: { properties: Array<{ name: string; options?: Array<{ value: string }> }> };
	};
	const events = description.properties.find(({ name }) => name === 'events');
	expect(events?.options?.map(({ value }) => value)).toEqual(CHOICES.map(({ code }) => code));
	expect(node.parameters).toMatchObject({
		events: ['add_message'],
		outputMode: 'perEvent',
		authentication: 'accessToken',
	});
});
