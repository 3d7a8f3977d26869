import * as records from './accountRecords';

/** The events of one noun in Kommo's account-wide webhooks */
interface AccountNoun {
	/** In Kommo's codes: `add_lead` */
	noun: string;
	/** What the command line calls it: `leads.add` */
	name: string;
	/** The entity on the wire, if it is not `name` */
	entity?: string;
	actions: string;
	/** The id of a sample record; that of a lead if absent */
	sampleId?: number;
	makeRecord: (action: string, id: number) => object;
	/** Whether Kommo sends a new responsible user as an `update`, not as `responsible` */
	isHandedOverByUpdate?: boolean;
}

const CHANGES = 'add update delete restore responsible note';

/**
 * All events of the account-wide webhooks, https://developers.kommo.com/docs/webhooks-general, and those that
 * only amoCRM documents, https://www.amocrm.ru/developers/content/crm_platform/webhooks-api. The fields are a
 * part of those that receivers in public repositories recorded from 2020 to 2025, with other ids and names.
 * If nobody recorded an event, they are from the documentation, or are those that receivers read.
 */
const NOUNS: readonly AccountNoun[] = [
	{
		noun: 'lead',
		name: 'leads',
		actions: 'add update delete restore status responsible note',
		makeRecord: records.makeLead,
	},
	{
		noun: 'contact',
		name: 'contacts',
		actions: CHANGES,
		sampleId: records.CONTACT_ID,
		makeRecord: records.makeContact,
		isHandedOverByUpdate: true,
	},
	{
		noun: 'company',
		name: 'companies',
		// A company differs from a contact by its `type` only.
		entity: 'contacts',
		actions: CHANGES,
		sampleId: 7741822,
		makeRecord: records.makeCompany,
		isHandedOverByUpdate: true,
	},
	{
		noun: 'customer',
		name: 'customers',
		actions: 'add update delete responsible note',
		sampleId: 91730,
		makeRecord: records.makeCustomer,
	},
	{
		noun: 'task',
		name: 'task',
		actions: 'add update delete responsible',
		makeRecord: records.makeTask,
		isHandedOverByUpdate: true,
	},
	{ noun: 'talk', name: 'talk', actions: 'add update delete', makeRecord: records.makeTalk },
	{ noun: 'message', name: 'message', actions: 'add', makeRecord: records.makeMessage },
	{
		noun: 'outgoing_message',
		name: 'outgoing_message',
		actions: 'add',
		makeRecord: records.makeAnswer,
	},
	{
		noun: 'unsorted',
		name: 'unsorted',
		actions: 'add update delete',
		makeRecord: records.makeUnsorted,
	},
	{
		noun: 'chat_template_review',
		name: 'chat_template_review',
		actions: 'add',
		sampleId: 2211,
		makeRecord: records.makeTemplateReview,
	},
];

export const ACCOUNT_EVENTS = NOUNS.flatMap(({ noun, name, entity = name, ...row }) =>
	row.actions.split(' ').map((action) => ({
		code: `${action}_${noun}`,
		name: `${name}.${action}`,
		entity,
		action: action === 'responsible' && row.isHandedOverByUpdate ? 'update' : action,
		sampleId: row.sampleId ?? 4831596,
		makeRecord: (id: number) => row.makeRecord(action, id),
	})),
);
