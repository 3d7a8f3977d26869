import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { toKommoEvent } from '../../nodes/KommoPollingTrigger/items/item';
import type { ListedEvent } from '../../nodes/KommoPollingTrigger/list/eventList';
import { makeBody, makeRecords } from '../../scripts/kommo/body';
import { findEvent, SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { toListed } from '../../scripts/kommo/listed';
import { furnish, happen, LEAD_ID } from '../../scripts/start/account';
import { eventsOf } from '../support/decoded';
import { KommoInMemory } from '../support/kommoInMemory';

interface Lead {
	status_id: number;
	pipeline_id: number;
}

/** The account of `npm start -- --kommo`, and what its API gives */
function makeAccount() {
	const account = new KommoInMemory();
	furnish(account);
	const get = async (path: string) => {
		const { body } = await account.answer({ url: `https://acme.kommo.com/api/v4/${path}` });
		return (body as { _embedded: Record<string, unknown> })._embedded;
	};
	const getStage = async (id: number) => {
		const { leads } = (await get(`leads?filter[id][]=${id}`)) as { leads: [Lead] };
		const [{ status_id, pipeline_id }] = leads;
		return { status_id, pipeline_id };
	};
	return { account, get, getStage };
}

describe('the account of npm start -- --kommo', () => {
	test('has the pipeline and the stages that simulate sends', async () => {
		const { pipelines } = (await makeAccount().get('leads/pipelines')) as {
			pipelines: Array<{ id: number; _embedded: { statuses: Array<{ id: number }> } }>;
		};
		const [sent] = eventsOf(makeBody(findEvent('status')!));
		const { status_id, pipeline_id, old_status_id } = sent!;
		const pipeline = pipelines.find(({ id }) => id === pipeline_id);
		const stages = pipeline?._embedded.statuses.map(({ id }) => id);
		expect(stages).toEqual(expect.arrayContaining([status_id, old_status_id]));
	});

	test('has the talk that the event of a message names, with the same customer', () => {
		const { talks } = makeAccount().account;
		const [message] = eventsOf(makeBody(findEvent('add_message')!));
		const { talk_id, chat_id, contact_id, entity_id, author } = message!;
		expect(talks.talks).toEqual([
			expect.objectContaining({ talk_id, chat_id, contact_id, entity_id }),
		]);
		expect(author).toMatchObject({ name: talks.write(Number(talk_id)).author.name });
	});

	test('has a lead in the stage that the event of its change names', async () => {
		const { account, getStage } = makeAccount();
		const event = findEvent('status')!;
		const [record] = makeRecords(event, { fields: { status_id: 142 } });
		expect(await getStage(LEAD_ID)).toEqual({ status_id: 16203337, pipeline_id: 752662 });
		happen(account, toListed(event, record!)!);
		expect(await getStage(LEAD_ID)).toEqual({ status_id: 142, pipeline_id: 752662 });
		expect(await getStage(1)).toEqual({ status_id: 16203337, pipeline_id: 752662 });
	});
});

describe('an event of simulate, in the list of events', () => {
	const OF_LEADS = EVENTS.filter(({ entities }) => entities.some((entity) => entity === 'leads'));

	test.each(OF_LEADS.map(({ code }) => code))(
		'becomes the item that Kommo Pipeline Trigger gives: %s',
		(code) => {
			const { account } = makeAccount();
			const event = findEvent(code)!;
			happen(account, toListed(event, event.makeRecord(5))!);
			const { body } = account.answerApi({
				method: 'GET',
				url: 'https://acme.kommo.com/api/v4/events',
				body: Buffer.alloc(0),
			}) as { body: string };
			const [listed] = (JSON.parse(body) as { _embedded: { events: [ListedEvent] } })._embedded
				.events;
			const [sent] = eventsOf(makeBody(event, { id: 5 }));
			const { status_id, pipeline_id, account: sender, ...others } = sent!;
			// For other events, the trigger asks which stage the lead is in.
			const expected = code === 'status' ? { ...others, status_id, pipeline_id } : others;
			const item = toKommoEvent(listed, 'acme');
			expect(item).toMatchObject(expected);
			expect(sender).toMatchObject(item.account as object);
		},
	);

	test('has the type of the account-wide webhook, or does not exist', () => {
		const types = SIMULATED_EVENTS.filter(({ source }) => source === 'account').flatMap((event) => {
			const { type, entity_type, entity_id } = toListed(event, event.makeRecord(5)) ?? {};
			return type ? [`${event.code}: ${type} of ${entity_type} ${entity_id}`] : [];
		});
		expect(types).toEqual([
			'add_lead: lead_added of lead 5',
			'delete_lead: lead_deleted of lead 5',
			'restore_lead: lead_restored of lead 5',
			'status_lead: lead_status_changed of lead 5',
			'add_contact: contact_added of contact 5',
			'delete_contact: contact_deleted of contact 5',
			'restore_contact: contact_restored of contact 5',
			'add_company: company_added of company 5',
			'delete_company: company_deleted of company 5',
			'restore_company: company_restored of company 5',
			'add_customer: customer_added of customer 5',
			'delete_customer: customer_deleted of customer 5',
			'add_task: task_added of task 5',
			'delete_task: task_deleted of task 5',
			'add_message: incoming_chat_message of lead 5',
			'add_outgoing_message: outgoing_chat_message of lead 5',
		]);
	});
});
