interface AccountEvent {
	description: string;
	/** @param id of the contact in an event of contacts, else of the lead */
	makeRecord: (id: number) => object;
}

export const ACCOUNT_ID = 29085955;

/** The contact of the samples */
export const CONTACT_ID = 7741820;

const USER = { responsible_user_id: 938300 };
const CREATED = 1695484695;
const TIMES = { created_at: CREATED, updated_at: CREATED };
const TALK = {
	talk_id: 166,
	chat_id: '54caee02-e383-46d8-a9b7-1fb43f07cffe',
	contact_id: CONTACT_ID,
	entity_type: 'lead',
	origin: 'telegram',
};

/** A UUID of its own for each id */
const toUuid = (id: number) => `b26bbe6d-a691-4a8b-b269-${String(id).padStart(12, '0').slice(-12)}`;

/**
 * Some events of the account-wide webhooks (https://developers.kommo.com/docs/webhooks-general). To the
 * trigger they are Other events. The fields are some of those that receivers in public repositories recorded
 * from 2020 to 2025, with other ids and names; nobody recorded a task, so it has the fields that receivers read.
 */
export const ACCOUNT_EVENTS: Record<string, AccountEvent> = {
	'leads.update': {
		description: 'A lead was edited',
		makeRecord: (id) => ({
			id,
			name: 'Website order',
			status_id: 16203337,
			old_status_id: 16203334,
			pipeline_id: 752662,
			price: 1000,
			custom_fields: [{ id: 752009, name: 'Order number', values: [{ value: '007' }] }],
			...USER,
			...TIMES,
		}),
	},
	'leads.note': {
		description: 'A note was added to a lead',
		makeRecord: (id) => {
			const about = { element_type: 2, element_id: id, account_id: ACCOUNT_ID };
			const text = 'Wants to be called back at 5 p.m.';
			return { note: { id: 213313359, ...about, note_type: 4, text, ...TIMES } };
		},
	},
	'contacts.add': {
		description: 'A contact was added',
		makeRecord: (id) => ({ id, name: 'Ana Souza', ...USER, ...TIMES, type: 'contact' }),
	},
	'contacts.update': {
		description: 'A contact was edited',
		makeRecord: (id) => {
			const phone = { value: '+55 11 91234-5678', enum: 193200 };
			return {
				id,
				name: 'Ana Souza',
				...USER,
				linked_leads_id: { 4831596: { ID: 4831596 } },
				custom_fields: [{ id: 1119300, name: 'Phone', code: 'PHONE', values: [phone] }],
				type: 'contact',
			};
		},
	},
	'message.add': {
		description: 'A chat message came in, with its text',
		makeRecord: (id) => ({
			id: toUuid(id),
			...TALK,
			element_type: 2,
			element_id: id,
			entity_id: id,
			type: 'incoming',
			text: 'Olá! What does it cost?',
			created_at: CREATED,
			author: { id: '1db2f5cc-aea4-4f96-8d4f-a256ead5b7b0', type: 'external', name: 'Ana' },
		}),
	},
	'talk.add': {
		description: 'A conversation began',
		makeRecord: (id) => ({ ...TALK, entity_id: id, is_in_work: 1, ...TIMES }),
	},
	'task.add': {
		description: 'A task was added to a lead',
		makeRecord: (id) => {
			const about = { element_type: 2, element_id: id };
			return { id: 5513, ...about, task_type: 1, text: 'Call back', status: 0, ...USER };
		},
	},
	'unsorted.add': {
		description: 'An incoming lead came in from a chat',
		makeRecord: (id) => ({
			uid: '00b625866db8641999f48766d61d4d0663c12aa38b9bcb4d2866b0c49605',
			category: 'chats',
			source: 'telegram:29e8f8c6-7557-5f5f-8642-2789ef3f3a13',
			source_data: { from: 'Ana', data: [{ id: toUuid(id), text: 'Olá! What does it cost?' }] },
			data: { contacts: [{ id: CONTACT_ID }] },
			pipeline_id: 752662,
			lead_id: id,
			created_at: CREATED,
		}),
	},
};
