import type { IDataObject } from 'n8n-workflow';

import { CHOICES } from '../../nodes/KommoPollingTrigger/events';
import { letTimeFly } from '../support/virtualTime';
import { loadPackage } from '../support/builtPackage';
import { BuiltTrigger } from '../support/builtTrigger';
import { ACCOUNT_ID } from '../../scripts/kommo/accountRecords';
import { USER } from '../../scripts/kommo/standIn/users';
import { KommoInMemory } from '../support/kommoInMemory';

const account = { id: ACCOUNT_ID, subdomain: 'acme' };

let kommo: KommoInMemory;

beforeAll(loadPackage);
letTimeFly();

beforeEach(() => {
	kommo = new KommoInMemory();
});

const makeTrigger = (parameters: IDataObject = {}) =>
	new BuiltTrigger({
		type: 'kommoPollingTrigger',
		...kommo.access,
		parameters: { authentication: 'accessToken', ...parameters } as never,
	});

describe('Kommo Polling Trigger', () => {
	it('gives a stage change as the digital pipeline sends it', async () => {
		const trigger = makeTrigger();
		expect(await trigger.beginPolling()).toBeNull();
		const { id, created_at, value_before, value_after } = kommo.events.happen({ entity_id: 5 });
		expect(await trigger.poll()).toEqual([
			[
				{
					event: 'status',
					entity: 'leads',
					id: 5,
					status_id: 142,
					pipeline_id: 7,
					old_status_id: 10,
					old_pipeline_id: 7,
					event_id: id,
					created_at,
					created_by: USER.id,
					value_before,
					value_after,
					account,
				},
			],
		]);
		expect(kommo.asked).toEqual(['GET events', 'GET events']);
		expect(await trigger.poll()).toBeNull();
	});

	it.each([
		['lead_added', 'add'],
		['incoming_mail', 'mail_in'],
		['incoming_call', 'call_in'],
		['incoming_chat_message', 'chat'],
		['site_visit_note_added', 'site_visit'],
	])('gives %s as %s, with the stage that the lead is in', async (type, event) => {
		const trigger = makeTrigger({ events: [type] });
		await trigger.beginPolling();
		kommo.events.happen({
			type,
			entity_id: 5,
			value_before: [],
			value_after: [{ note: { id: 1 } }],
		});
		kommo.events.happen({ type, entity_id: 404 });
		kommo.events.happen({ type, entity_id: 6, entity_type: 'contact' });
		kommo.asked = [];
		const [items] = (await trigger.poll())!;
		expect(items).toEqual([
			expect.objectContaining({ event, entity: 'leads', id: 5, status_id: 142, pipeline_id: 7 }),
			expect.not.objectContaining({ status_id: expect.anything() as number }),
			expect.objectContaining({ event, entity: 'contacts', id: 6 }),
		]);
		expect(kommo.asked).toEqual(['GET events', 'GET leads']);
	});

	it('gives an event once when n8n lets two polls run side by side', async () => {
		const trigger = makeTrigger();
		await trigger.beginPolling();
		kommo.events.happen({ entity_id: 5 });
		const both = await Promise.all([trigger.poll(), trigger.poll()]);
		expect(both).toEqual([[[expect.objectContaining({ id: 5 })]], null]);
		kommo.events.happen({ entity_id: 6 });
		expect(await trigger.poll()).toEqual([[expect.objectContaining({ id: 6 })]]);
	});

	it('gives every type of event on an output of its own', async () => {
		const types = CHOICES.map(({ code }) => code);
		const trigger = makeTrigger({ events: types });
		await trigger.beginPolling();
		for (const type of types) kommo.events.happen({ type, entity_type: 'task' });
		kommo.events.happen({ type: 'custom_field_123_value_changed' });
		const outputs = (await trigger.poll())!;
		expect(outputs.map((items) => items.length)).toEqual(
			types.map((type) => (type === 'custom_field_value_changed' ? 2 : 1)),
		);
	});

	it('gives all events on a single output, the oldest first', async () => {
		const trigger = makeTrigger({
			events: ['task_added', 'lead_status_changed'],
			outputMode: 'single',
		});
		await trigger.beginPolling();
		const now = Math.floor(Date.now() / 1000);
		kommo.events.happen({ created_at: now + 2 });
		kommo.events.happen({ created_at: now + 1, type: 'task_added', entity_type: 'task' });
		kommo.events.happen({ created_at: now + 3, type: 'lead_deleted' });
		const outputs = (await trigger.poll())!;
		expect(outputs.map((items) => items.map(({ event, entity }) => [event, entity]))).toEqual([
			[
				['task_added', 'tasks'],
				['status', 'leads'],
			],
		]);
	});

	it('leaves out what no stage rule matches, and does not start for it', async () => {
		const rule = (to: string) => ({ stages: { rules: [{ to: { mode: 'id', value: to } }] } });
		const trigger = makeTrigger({ filters: rule('143') });
		await trigger.beginPolling();
		kommo.events.happen();
		expect(await trigger.poll()).toBeNull();
		kommo = new KommoInMemory();
		const won = makeTrigger({ filters: rule('142') });
		await won.beginPolling();
		kommo.events.happen();
		expect((await won.poll())![0]).toHaveLength(1);
	});

	it('enriches, chat messages with their text', async () => {
		const trigger = makeTrigger({
			events: ['incoming_chat_message', 'lead_status_changed'],
			options: { enrich: ['message', 'record', 'names'] },
		});
		kommo.talks.open({ talk_id: 5, entity_id: 9, contact_id: 6 });
		kommo.talks.write(5, { text: 'How much?' });
		await trigger.beginPolling();
		kommo.events.happen({ type: 'incoming_chat_message', entity_id: 6, entity_type: 'contact' });
		kommo.events.happen({ entity_id: 5 });
		const [chats, stages] = (await trigger.poll())!;
		expect(chats).toMatchObject([{ message: { text: 'How much?', talk_id: 5 } }]);
		expect(stages).toMatchObject([
			{ record: { name: 'Lead 5' }, status_name: 'Closed - won', old_status_name: 'Negotiation' },
		]);
		expect(stages![0]).not.toHaveProperty('message');
	});

	it.each([
		[401, '(401)'],
		[402, '(402)'],
		[403, '(403)'],
	])('says what to do when Kommo refuses with %i, and goes on afterwards', async (status, text) => {
		const trigger = makeTrigger();
		await trigger.beginPolling();
		kommo.events.happen();
		kommo.faults = [status];
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringContaining(text) as string,
			httpCode: String(status),
		});
		expect((await trigger.poll())![0]).toHaveLength(1);
	});

	it('does not publish when Kommo refuses, but lets n8n start', async () => {
		kommo.faults = [401, 401, 401];
		await expect(makeTrigger().beginPolling('activate')).rejects.toThrow('(401)');
		const trigger = makeTrigger();
		expect(await trigger.beginPolling('init')).toBeNull();
		expect(trigger.warnings).toEqual([expect.stringContaining('(401)')]);
		await expect(trigger.poll()).rejects.toThrow('(401)');
	});

	it('fetches the newest event of each type in the editor, and remembers nothing of it', async () => {
		const trigger = makeTrigger({ events: ['lead_status_changed', 'task_added'] });
		await trigger.beginPolling();
		const kept = JSON.stringify(trigger.workflow.staticData);
		const now = Math.floor(Date.now() / 1000);
		for (let age = 1; age <= 300; age++) {
			const type = age > 100 ? 'task_added' : 'lead_status_changed';
			kommo.events.happen({ created_at: now - age * 1000, entity_id: age, type });
		}
		const outputs = (await trigger.fetchTestEvent())!;
		expect(outputs.map((items) => items.map(({ id }) => id))).toEqual([[1], [101]]);
		expect(JSON.stringify(trigger.workflow.staticData)).toBe(kept);
	});

	it('gives an event about no record, without asking Kommo for one', async () => {
		const trigger = makeTrigger({ events: ['lead_added'] });
		await trigger.beginPolling();
		kommo.events.happen({ type: 'lead_added', entity_id: null as never });
		kommo.asked = [];
		expect((await trigger.poll())![0]).toEqual([expect.objectContaining({ id: null })]);
		expect(kommo.asked).toEqual(['GET events']);
	});

	it('says so in the editor when there is no event', async () => {
		await expect(makeTrigger().fetchTestEvent()).rejects.toThrow('Cause one in Kommo');
		await expect(makeTrigger({ events: [] }).fetchTestEvent()).rejects.toThrow('Trigger On');
	});
});
