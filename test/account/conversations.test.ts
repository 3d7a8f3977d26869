import { AccountN8n } from '../support/accountN8n';
import {
	Conversations,
	makeConversation,
	mustBeAnsweredOnce,
	timeoutOf,
} from '../support/conversations';
import { START_TIMEOUT } from '../support/instance';

const PLAN = { customers: 30, spread: 30_000, doubled: 10, withColleague: 10 };

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
	'of 30 customers who write within half a minute, each is answered once, or by a colleague',
	async () => {
		await mustBeAnsweredOnce(conversations, PLAN, n8n, conversation);
	},
	timeoutOf(PLAN),
);
