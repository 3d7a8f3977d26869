import {
	Conversations,
	makeConversation,
	mustBeAnsweredOnce,
	timeoutOf,
} from '../support/conversations';
import { START_TIMEOUT } from '../support/instance';
import { Cluster } from './cluster';

/** No event is delivered twice: two workers would answer both deliveries. */
const PLAN = { customers: 60, spread: 60_000, withColleague: 10 };

const WORKERS = ['worker-1', 'worker-2'] as const;

const conversation = makeConversation('Conversation', 8);
const conversations = new Conversations();

let cluster: Cluster;

beforeAll(async () => {
	cluster = await Cluster.start([conversation], conversations.hosts);
}, START_TIMEOUT);

afterAll(async () => {
	await cluster?.stop();
});

const countStarted = (name: (typeof WORKERS)[number]) =>
	cluster.processes[name].log.split('Worker started execution').length - 1;

test(
	'of 60 customers whose messages go to two workers, each is answered once, or by a colleague',
	async () => {
		await mustBeAnsweredOnce(conversations, PLAN, cluster, conversation);
		for (const name of WORKERS) expect(countStarted(name)).toBeGreaterThan(PLAN.customers / 4);
	},
	timeoutOf(PLAN),
);
