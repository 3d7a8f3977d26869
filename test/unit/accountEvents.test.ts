import { CHOICES, codesOf, EVENTS } from '../../nodes/KommoAccountTrigger/events';
import * as pollingEvents from '../../nodes/KommoPollingTrigger/events';
import { eventsOf } from '../support/decoded';

const withNoun = (noun: string, actions: string) =>
	actions.split(' ').map((action) => `${action}_${noun}`);

/** As Kommo's reference and its settings page have them, and amoCRM's reference besides */
const KOMMO = [
	...withNoun('lead', 'add update delete restore status responsible note'),
	...withNoun('contact', 'add update delete restore responsible note'),
	...withNoun('company', 'add update delete restore responsible note'),
	...withNoun('task', 'add update delete responsible'),
	...withNoun('talk', 'add update delete'),
	...withNoun('unsorted', 'add update delete'),
	'add_message',
	'add_outgoing_message',
	'add_chat_template_review',
];
const AMOCRM = withNoun('customer', 'add update delete responsible note');

describe('the events of the account', () => {
	test('are the 37 codes that Kommo and amoCRM have', () => {
		const codes = EVENTS.map(({ code }) => code);
		expect(codes).toHaveLength(37);
		expect([...codes].sort()).toEqual([...KOMMO, ...AMOCRM].sort());
	});

	test('say so when only amoCRM documents them', () => {
		const said = EVENTS.filter(({ description }) => description.includes('Only amoCRM'));
		expect(said.map(({ code }) => code).sort()).toEqual([...AMOCRM].sort());
	});

	test('end with Other Events', () => {
		expect(CHOICES.map(({ code }) => code)).toEqual([...EVENTS.map(({ code }) => code), 'other']);
	});

	test.each([...CHOICES, ...pollingEvents.CHOICES])(
		'have on the output $output words of $name',
		({ name, output }) => {
			const words = name.toLowerCase().split(' ');
			expect(words).toEqual(expect.arrayContaining(output.toLowerCase().split(' ')));
		},
	);

	test('are told apart by their names, and by what the canvas shows of their outputs', () => {
		expect(new Set(CHOICES.map(({ name }) => name)).size).toBe(38);
		expect(new Set(CHOICES.map(({ output }) => output.slice(0, 11))).size).toBe(38);
		const labels = pollingEvents.CHOICES.map(({ output }) => output.slice(0, 11));
		expect(labels.filter((label, index) => labels.indexOf(label) < index)).toEqual([]);
	});
});

describe('codesOf', () => {
	const codesIn = (body: string) => codesOf(eventsOf(body)[0]!);

	// The other shapes are in test/fixtures/wire.
	test.each([
		['contacts[note][0][note][element_type]=3', 'note_company'],
		['companies[restore][0][id]=1', 'restore_company'],
		['tasks[delete][0]=1', 'delete_task'],
		['talks[update][0][talk_id]=1', 'update_talk'],
		['chat_template_review[add][0][id]=1', 'add_chat_template_review'],
	])('takes %s for %s', (body, code) => {
		expect(codesIn(body)).toEqual([code]);
	});

	test.each(['leads[chat][0][id]=1', 'lead[add][0][id]=1', 'invoice[add][0][id]=1'])(
		'knows no code of %s',
		(body) => {
			expect(codesIn(body)).toEqual([]);
		},
	);

	test.each([
		['contacts', 'contact', 'contact'],
		['contacts', 'company', 'company'],
		['companies', '', 'company'],
		['task', '', 'task'],
	])(
		'treats an update of %s of type "%s" as a new responsible user first',
		(entity, type, noun) => {
			const update = (old: string) =>
				`${entity}[update][0][type]=${type}&${entity}[update][0][responsible_user_id]=2004100${old}`;
			const changed = update(`&${entity}[update][0][old_responsible_user_id]=2004200`);
			const kept = update(`&${entity}[update][0][old_responsible_user_id]=2004100`);
			const ofNobody = update(`&${entity}[update][0][old_responsible_user_id]=0`);
			expect(codesIn(ofNobody)).toEqual([`responsible_${noun}`, `update_${noun}`]);
			expect(codesIn(changed)).toEqual([`responsible_${noun}`, `update_${noun}`]);
			expect(codesIn(kept)).toEqual([`update_${noun}`]);
			expect(codesIn(update(''))).toEqual([`update_${noun}`]);
		},
	);

	test.each(['leads', 'customers'])('treats an update of %s as an edit', (entity) => {
		const field = `${entity}[update][0]`;
		const body = `${field}[responsible_user_id]=1&${field}[old_responsible_user_id]=2`;
		expect(codesIn(body)).toEqual([`update_${entity.slice(0, -1)}`]);
	});
});
