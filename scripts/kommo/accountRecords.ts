export const ACCOUNT_ID = 29085955;

/** The contact of the samples */
export const CONTACT_ID = 7741820;

const USER = { responsible_user_id: 938300 };
const CREATED = 1695484695;
const TIMES = { created_at: CREATED, updated_at: CREATED };
/** The stage of the samples' leads, and the one before it */
export const STAGE = { status_id: 16203337, pipeline_id: 752662 };
export const OLD_STAGE = { status_id: 16203334, pipeline_id: 752662 };
/** The talk of the samples */
export const TALK = {
	talk_id: 166,
	chat_id: '54caee02-e383-46d8-a9b7-1fb43f07cffe',
	contact_id: CONTACT_ID,
	entity_type: 'lead',
	origin: 'waba',
} as const;

/** Kommo's numbers for the kinds of record that notes and tasks are about */
const ELEMENT_TYPES = { contact: 1, lead: 2, company: 3, customer: 12 };

/** A different UUID for each id */
export const toUuid = (id: number) =>
	`b26bbe6d-a691-4a8b-b269-${String(id).padStart(12, '0').slice(-12)}`;

/** What Kommo sends besides when the responsible user changed */
const changeOf = (action: string) =>
	action === 'responsible' && { old_responsible_user_id: 1074240 };

/** Makes the record of an event. `id` is the id of the lead, contact, company, customer or template. */
type MakeRecord = (action: string, id: number) => object;

function makeNote(noun: keyof typeof ELEMENT_TYPES, id: number): object {
	const about = { element_type: ELEMENT_TYPES[noun], element_id: id, account_id: ACCOUNT_ID };
	const text = 'Wants to be called back at 5 p.m.';
	return { note: { id: 213313359, ...about, note_type: 4, text, ...TIMES } };
}

export const makeLead: MakeRecord = (action, id) => {
	if (action === 'note') return makeNote('lead', id);
	if (action === 'delete') return { id, ...STAGE };
	return {
		id,
		name: 'Website order',
		...STAGE,
		...(action === 'status' && { old_status_id: OLD_STAGE.status_id }),
		price: 1000,
		custom_fields: [{ id: 752009, name: 'Order number', values: [{ value: '007' }] }],
		...USER,
		...changeOf(action),
		...TIMES,
	};
};

const makeMemberOf =
	(type: 'contact' | 'company', name: string): MakeRecord =>
	(action, id) => {
		if (action === 'note') return makeNote(type, id);
		if (action === 'delete') return { id, type };
		const phone = { value: '+55 11 91234-5678', enum: 193200 };
		return {
			id,
			name,
			...USER,
			...changeOf(action),
			linked_leads_id: { 4831596: { ID: 4831596 } },
			custom_fields: [{ id: 1119300, name: 'Phone', code: 'PHONE', values: [phone] }],
			type,
		};
	};

export const makeContact = makeMemberOf('contact', 'Ana Souza');
export const makeCompany = makeMemberOf('company', 'Souza Ltda.');

export const makeCustomer: MakeRecord = (action, id) => {
	if (action === 'note') return makeNote('customer', id);
	if (action === 'delete') return { id };
	const purchase = { next_price: 1000, next_date: CREATED };
	return { id, name: 'Ana Souza', ...purchase, ...USER, ...changeOf(action), ...TIMES };
};

/** The task has the same id as its lead. */
export const makeTask: MakeRecord = (action, id) => {
	if (action === 'delete') return { id };
	const about = { element_type: ELEMENT_TYPES.lead, element_id: id };
	const isDone = action === 'update' && { status: 1, action_close: 1, old_text: 'Call back' };
	const task = { task_type: 1, text: 'Call back', status: 0, complete_till: '2023-09-24 20:59:00' };
	return { id, ...about, ...task, ...isDone, ...USER, ...changeOf(action), ...TIMES };
};

export const makeTalk: MakeRecord = (action, id) => ({
	...TALK,
	entity_id: id,
	is_in_work: action === 'add' ? 1 : 0,
	is_read: 1,
	...TIMES,
});

/** The fields have the recorded order, which n8n's table shows. */
const makeMessageOf =
	(type: string, text: string, author: object): MakeRecord =>
	(_, id) => ({
		id: toUuid(id),
		chat_id: TALK.chat_id,
		talk_id: TALK.talk_id,
		contact_id: TALK.contact_id,
		text,
		message_type: 'text',
		created_at: CREATED,
		element_type: ELEMENT_TYPES.lead,
		entity_type: TALK.entity_type,
		element_id: id,
		entity_id: id,
		type,
		author: { id: '1db2f5cc-aea4-4f96-8d4f-a256ead5b7b0', ...author },
		origin: TALK.origin,
	});

const QUESTION = 'Olá! What does it cost?';

export const makeMessage = makeMessageOf('incoming', QUESTION, { type: 'external', name: 'Ana' });
export const makeAnswer = makeMessageOf('outgoing', 'It costs 10 reais.', {
	type: 'internal',
	name: 'Joana',
});

export const makeUnsorted: MakeRecord = (action, id) => {
	const lead = {
		uid: '00b625866db8641999f48766d61d4d0663c12aa38b9bcb4d2866b0c49605',
		category: 'chats',
	};
	if (action === 'delete') {
		return { action: 'accept', ...lead, accept_result: { leads: [id] }, created_at: CREATED };
	}
	return {
		...lead,
		source: 'waba:29e8f8c6-7557-5f5f-8642-2789ef3f3a13',
		source_data: { from: 'Ana', data: [{ id: toUuid(id), text: QUESTION }] },
		data: { contacts: [{ id: CONTACT_ID }] },
		pipeline_id: STAGE.pipeline_id,
		lead_id: id,
		created_at: CREATED,
	};
};

export const makeTemplateReview: MakeRecord = (_, id) => ({
	id,
	name: 'Order shipped',
	content: 'Your order is on its way.',
	type: 'waba',
	is_on_review: 1,
	reviews: [{ id: 12, source_id: 13, status: 'review' }],
	...TIMES,
});
