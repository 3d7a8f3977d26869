import { AccountN8n } from './accountN8n';
import {
	Conversations,
	makeConversation,
	mustBeAnsweredOnce,
	timeoutOf,
	type Plan,
} from './conversations';
import { START_TIMEOUT } from './instance';

/** Adds a test in which customers write to a published workflow of one real n8n. */
export function testConversations(title: string, plan: Plan): void {
	const conversation = makeConversation('Conversation', 8);
	const conversations = new Conversations();
	let n8n: AccountN8n;

	beforeAll(async () => {
		n8n = await AccountN8n.start([conversation], {}, undefined, conversations.hosts);
		await n8n.publish(conversation);
	}, START_TIMEOUT);

	afterAll(async () => {
		await n8n?.stop();
	});

	test(
		title,
		async () => {
			await mustBeAnsweredOnce(conversations, plan, n8n, conversation);
		},
		timeoutOf(plan),
	);
}
