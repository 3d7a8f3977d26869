interface AccountEvent {
	entity: string;
	action: string;
	description: string;
	/** That of a lead when absent */
	sampleId?: number;
	makeRecord: (id: number) => object;
}

export const ACCOUNT_ID = 29085955;

const CONTACT = 7741820;
const USER = 938300;
const CHAT = '54caee02-e383-46d8-a9b7-1fb43f07cffe';
const SECONDS = 1695484695;
const DATE = '2023-09-23 18:58:15';

/** A UUID of its own for each id, so that no two requests are about one message. */
const uuidOf = (id: number) => `b26bbe6d-a691-4a8b-b269-${String(id).padStart(12, '0').slice(-12)}`;

/**
 * Some events of the account's general webhooks (https://developers.kommo.com/docs/webhooks-general); to the
 * trigger they are Other events. The fields are those of requests that receivers in public repositories
 * recorded from 2020 to 2025, with other ids and names. Of tasks there was no whole record: these are the fields
 * that receivers read.
 */
export const ACCOUNT_EVENTS: readonly AccountEvent[] = [
	{
		entity: 'leads',
		action: 'update',
		description: 'A lead was edited',
		makeRecord: (id) => ({
			id,
			name: 'Website order',
			status_id: 16203337,
			old_status_id: 16203334,
			price: 1000,
			responsible_user_id: USER,
			last_modified: SECONDS,
			modified_user_id: USER,
			created_user_id: USER,
			date_create: SECONDS,
			pipeline_id: 752662,
			account_id: ACCOUNT_ID,
			custom_fields: [{ id: 752009, name: 'Order number', values: [{ value: '007' }] }],
			created_at: SECONDS,
			updated_at: SECONDS,
		}),
	},
	{
		entity: 'leads',
		action: 'note',
		description: 'A note was added to a lead',
		makeRecord: (id) => ({
			note: {
				element_type: 2,
				element_id: id,
				note_type: 4,
				text: 'Wants to be called back at 5 p.m.',
				account_id: ACCOUNT_ID,
				date_create: DATE,
				timestamp_x: DATE,
				created_by: USER,
				modified_by: USER,
				main_user_id: USER,
				group_id: 258124,
				id: 213313359,
				created_at: SECONDS,
				updated_at: SECONDS,
			},
		}),
	},
	{
		entity: 'contacts',
		action: 'add',
		description: 'A contact was added',
		sampleId: CONTACT,
		makeRecord: (id) => ({
			id,
			name: 'Ana Souza',
			responsible_user_id: USER,
			date_create: SECONDS,
			last_modified: SECONDS,
			created_user_id: USER,
			modified_user_id: USER,
			account_id: ACCOUNT_ID,
			created_at: SECONDS,
			updated_at: SECONDS,
			type: 'contact',
		}),
	},
	{
		entity: 'contacts',
		action: 'update',
		description: 'A contact was edited',
		sampleId: CONTACT,
		makeRecord: (id) => ({
			id,
			name: 'Ana Souza',
			responsible_user_id: USER,
			linked_leads_id: { 4831596: { ID: 4831596 } },
			custom_fields: [
				{
					id: 1119300,
					name: 'Phone',
					code: 'PHONE',
					values: [{ value: '+55 11 91234-5678', enum: 193200 }],
				},
			],
			type: 'contact',
		}),
	},
	{
		entity: 'message',
		action: 'add',
		description: 'A chat message came in, with its text',
		makeRecord: (id) => ({
			id: uuidOf(id),
			chat_id: CHAT,
			talk_id: 166,
			contact_id: CONTACT,
			text: 'Olá! What does it cost?',
			created_at: SECONDS,
			element_type: 2,
			entity_type: 'lead',
			element_id: id,
			entity_id: id,
			type: 'incoming',
			author: { id: '1db2f5cc-aea4-4f96-8d4f-a256ead5b7b0', type: 'external', name: 'Ana' },
			origin: 'telegram',
		}),
	},
	{
		entity: 'talk',
		action: 'add',
		description: 'A conversation began',
		makeRecord: (id) => ({
			talk_id: 166,
			created_at: SECONDS,
			updated_at: SECONDS,
			rate: 0,
			contact_id: CONTACT,
			chat_id: CHAT,
			entity_id: id,
			entity_type: 'lead',
			is_in_work: 1,
			is_read: 0,
			origin: 'waba',
		}),
	},
	{
		entity: 'task',
		action: 'add',
		description: 'A task was added to a lead',
		makeRecord: (id) => ({
			id: 5513,
			element_id: id,
			element_type: 2,
			task_type: 1,
			date_create: DATE,
			text: 'Call back',
			status: 0,
			responsible_user_id: USER,
			complete_before: DATE,
		}),
	},
	{
		entity: 'unsorted',
		action: 'add',
		description: 'An incoming lead came in from a chat',
		makeRecord: (id) => ({
			uid: '00b625866db8641999f48766d61d4d0663c12aa38b9bcb4d2866b0c49605',
			source: 'telegram:29e8f8c6-7557-5f5f-8642-2789ef3f3a13',
			source_uid: `amojo:telegram:${CHAT}`,
			category: 'chats',
			source_data: {
				from: 'Ana',
				name: 'Ana',
				to: '29e8f8c6-7557-5f5f-8642-2789ef3f3a13',
				date: SECONDS,
				service: 'telegram',
				site: 'Telegram',
				client: { name: 'Ana', id: 1398715343 },
				origin: { provider: 'amojo', chat_id: CHAT },
				data: [{ id: uuidOf(id), manager: 0, date: SECONDS, text: 'Olá! What does it cost?' }],
			},
			date_create: SECONDS,
			data: { contacts: [{ id: CONTACT }] },
			pipeline_id: 752662,
			account_id: ACCOUNT_ID,
			source_id: 22594646,
			lead_id: id,
			created_at: SECONDS,
		}),
	},
];
