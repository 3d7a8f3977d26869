import { AccountN8n } from '../support/accountN8n';
import {
	Conversations,
	makeConversation,
	mustBeAnsweredOnce,
	timeoutOf,
} from '../support/conversations';
import { START_TIMEOUT } from '../support/instance';

/** As many as the limit of 7 requests a second lets a process answer */
const PLAN = { customers: 300, spread: 300_000, doubled: 20, withColleague: 10 };

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
	'of 300 customers who write within five minutes, each is answered once, or by a colleague',
	async () => {
		await mustBeAnsweredOnce(conversations, PLAN, n8n, conversation);
	},
	timeoutOf(PLAN),
);
