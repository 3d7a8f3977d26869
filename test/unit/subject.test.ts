import { eventsOf } from '../support/decoded';
import { subjectOf, type Subject } from '../../nodes/shared/enrichment/subject';

const subjectIn = (body: string) => subjectOf(eventsOf(body)[0]!);

describe('subjectOf', () => {
	test.each<[string, Subject]>([
		['leads[add][0][id]=7', { list: 'leads', id: 7 }],
		['customers[update][0][id]=7', { list: 'customers', id: 7 }],
		['companies[update][0][id]=7', { list: 'companies', id: 7 }],
		[
			'contacts[add][0][id]=7&contacts[add][0][type]=contact',
			{ list: 'contacts', id: 7, contactId: 7 },
		],
		['contacts[add][0][id]=7&contacts[add][0][type]=company', { list: 'companies', id: 7 }],
		['leads[add][0][id]=7&leads[add][0][type]=company', { list: 'leads', id: 7 }],
		['{"task":{"add":[{"element_type":2,"element_id":7}]}}', { list: 'leads', id: 7 }],
	])('takes the record that is named: %s', (body, subject) => {
		expect(subjectIn(body)).toEqual(subject);
	});

	test.each(['message', 'outgoing_message', 'talk', 'talks'])(
		'takes of %s the record that the chat belongs to, and the contact that it is with',
		(entity) => {
			const field = `${entity}[add][0]`;
			const chat = `${field}[id]=b26b&${field}[contact_id]=9`;
			expect(subjectIn(`${chat}&${field}[entity_type]=lead&${field}[entity_id]=7`)).toEqual({
				list: 'leads',
				id: 7,
				contactId: 9,
			});
			expect(subjectIn(`${chat}&${field}[entity_type]=customer&${field}[entity_id]=7`)).toEqual({
				list: 'customers',
				id: 7,
				contactId: 9,
			});
			expect(subjectIn(chat)).toEqual({ list: 'contacts', id: 9, contactId: 9 });
			const lead = { list: 'leads', id: 7, contactId: 9 };
			expect(subjectIn(`${chat}&${field}[element_type]=2&${field}[element_id]=7`)).toEqual(lead);
			expect(subjectIn(`${chat}&${field}[entity_type]=leads&${field}[entity_id]=7`)).toEqual(lead);
		},
	);

	test.each<[string, Subject]>([
		['1', { list: 'contacts', id: 7, contactId: 7 }],
		['2', { list: 'leads', id: 7 }],
		['3', { list: 'companies', id: 7 }],
		['12', { list: 'customers', id: 7 }],
	])('takes of tasks and notes the element of type %s', (type, subject) => {
		const about = (field: string) => `${field}[element_type]=${type}&${field}[element_id]=7`;
		expect(subjectIn(`task[add][0][id]=1&${about('task[add][0]')}`)).toEqual(subject);
		expect(subjectIn(`task[update][0][0][id]=1&${about('task[update][0][0]')}`)).toEqual(subject);
		const note = 'contacts[note][0][note]';
		expect(subjectIn(`${note}[id]=1&${about(note)}`)).toEqual(subject);
	});

	test.each([
		'leads[add][0][id]=x',
		'leads[add][0][name]=x',
		'task[add][0][element_type]=99&task[add][0][element_id]=7',
		'task[add][0][element_type][toString]=2&task[add][0][element_id]=7',
		'message[add][0][entity_type]=lead&message[add][0][entity_id][id]=7',
		'unsorted[add][0][lead_id]=7',
		'toString[add][0][id]=7',
	])('finds none in %s', (body) => {
		expect(subjectIn(body)).toBeUndefined();
	});
});
