import fc from 'fast-check';

import { describeAttachment, findFileType, kindOf } from '../../nodes/KommoChat/fileType';
import { readItem } from '../../nodes/KommoChat/item';
import { outputsExpression } from '../../nodes/KommoChat/outputs';
import { readTalkRef, signTalkRef, type TalkRef } from '../../nodes/KommoChat/talkRef';

describe('a talk reference', () => {
	const reference: TalkRef = { talkId: 7, target: { list: 'leads', id: 4831596 } };
	const text = signTalkRef(reference, 'secret');

	test.each<TalkRef>([reference, { talkId: 7 }, { talkId: '90071992547409931' }])(
		'can be read with the secret: %j',
		(some) => {
			expect(readTalkRef(signTalkRef(some, 'secret'), 'secret')).toEqual(some);
			expect(readTalkRef(signTalkRef(some, 'secret'), 'another')).toBeUndefined();
		},
	);

	test('is not read if a character of it was changed', () => {
		const change = fc.record({ index: fc.nat(text.length - 1), to: fc.constantFrom(...'0.aZ_') });
		fc.assert(
			fc.property(change, ({ index, to }) => {
				const changed = text.slice(0, index) + to + text.slice(index + 1);
				fc.pre(changed !== text);
				expect(readTalkRef(changed, 'secret')).toBeUndefined();
			}),
		);
	});

	test('cannot be made by cutting another one', () => {
		const [talk, , , signature] = text.split('.');
		expect(readTalkRef(`${talk}.${signature}`, 'secret')).toBeUndefined();
	});
});

describe('a file', () => {
	const bytes = (hex: string) => Buffer.from(hex.padEnd(32, '0'), 'hex');
	const mp4 = (brand: string) => bytes(`0000001866747970${Buffer.from(brand).toString('hex')}`);

	test.each<[Buffer, string, string]>([
		[bytes('ffd8ffe0'), 'image/jpeg', 'picture'],
		[bytes('89504e470d0a1a0a'), 'image/png', 'picture'],
		[bytes('474946383961'), 'image/gif', 'picture'],
		[bytes('5249464600000000574542 50'.replace(' ', '')), 'image/webp', 'picture'],
		[mp4('isom'), 'video/mp4', 'video'],
		[mp4('qt  '), 'video/quicktime', 'video'],
		[mp4('M4A '), 'audio/mp4', 'file'],
		[mp4('heic'), 'image/heic', 'picture'],
		[bytes('4f676753'), 'audio/ogg', 'file'],
		[bytes('fffb9064'), 'audio/mpeg', 'file'],
		[bytes('1a45dfa3'), 'video/webm', 'video'],
		[bytes('255044462d'), 'application/pdf', 'file'],
	])('is known by its content: %#', (content, mimeType, kind) => {
		expect(findFileType(content)?.mimeType).toBe(mimeType);
		expect(kindOf(mimeType)).toBe(kind);
	});

	test.each<[Buffer, string, string, string, string]>([
		[mp4('M4A '), 'voice.ogg', 'voice', 'voice.m4a', 'audio/mp4'],
		[mp4('isom'), 'voice.ogg', 'voice', 'voice.m4a', 'audio/mp4'],
		[mp4('isom'), 'song.mp4', 'audio', 'voice.m4a', 'audio/mp4'],
		[mp4('isom'), 'clip.mp4', 'video', 'clip.mp4', 'video/mp4'],
		[bytes('4f676753'), 'voice.ogg', 'voice', 'voice.ogg', 'audio/ogg'],
		[bytes('255044462d'), 'price', 'file', 'price.pdf', 'application/pdf'],
		[Buffer.from('a,b'), 'list.csv', 'file', 'list.csv', 'text/csv'],
	])('of a message is named by its content: %#', (content, name, type, fileName, mimeType) => {
		expect(describeAttachment(content, name, type, 'text/csv')).toEqual({ fileName, mimeType });
	});
});

test.each<[string, Parameters<typeof readItem>[0], object]>([
	[
		'a message of the account trigger',
		{
			event: 'add',
			entity: 'message',
			id: 'm',
			talk_id: 7,
			created_at: '50',
			type: 'incoming',
			entity_type: 'lead',
			entity_id: 5,
		},
		{
			isOutgoing: false,
			talkId: 7,
			own: { id: 'm', writtenAt: 50_000 },
			subject: { list: 'leads', id: 5 },
		},
	],
	[
		'an event of the list',
		{
			event: 'chat',
			entity: 'leads',
			id: 5,
			created_at: 50,
			value_after: [{ message: { id: 'm' } }],
		},
		{ isOutgoing: false, own: { id: 'm', writtenAt: 50_000 }, subject: { list: 'leads', id: 5 } },
	],
	[
		'a stage change',
		{ event: 'status', entity: 'leads', id: 5 },
		{ isOutgoing: false, subject: { list: 'leads', id: 5 } },
	],
	['an answer of an AI', { output: 'Hi' }, { isOutgoing: false }],
])('%s says which chat it is about', (_, item, expected) => {
	expect(readItem(item)).toEqual(expected);
});

test.each<[object, Array<string | undefined>]>([
	[{ operation: 'getUnanswered' }, ['To Answer', 'Left Alone']],
	[{ operation: 'sendMessage', onlyIfNewest: '' }, [undefined]],
	[{ operation: 'sendMessage', onlyIfNewest: '={{ $json.id }}' }, ['Sent', 'Left Alone']],
	[{ operation: 'getMessages', onlyIfNewest: 'x' }, [undefined]],
])('the outputs of %j are %j', (parameters, labels) => {
	const code = outputsExpression.slice(3, -2);
	const resolved = {
		...parameters,
		get onlyIfNewest(): never {
			throw new Error('To resolve it, n8n evaluates the outputs again.');
		},
	};
	// Like n8n, which does not know the module
	const evaluate = new Function('$parameter', '$rawParameter', `return ${code}`);
	const outputs = evaluate(resolved, parameters) as Array<{ displayName?: string }>;
	expect(outputs.map(({ displayName }) => displayName)).toEqual(labels);
});
