import type { CompletedRequest } from 'mockttp';

import { json, type Answer } from '../../scripts/kommo/standIn/answers';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import type { Message, Talks } from '../../scripts/kommo/standIn/talks';
import type { RestClient } from '../../scripts/n8n/restClient';
import { ACCOUNT_TRIGGER, ADMINISTRATOR, makeAccountWorkflow } from './accountWorkflow';
import { deliverMessages } from './chatMessages';
import { readExecutions } from './executions';
import type { Hooked } from './instance';

/** Where the workflow asks for an answer, in place of an AI */
const THINKER_HOST = 'thinker.example.com';

/** In ms */
const SECOND = 1000;

/** A customer writes all of their messages within this time, in ms. */
const BURST = 10 * SECOND;

const MOST_MESSAGES = 5;

/** How long an answer is thought about, in ms */
const THINKING = { min: 500, max: 3000 };

/** The longest time that an event is on its way, in ms */
const WAY = 500;

export interface Plan {
	customers: number;
	/** In ms: the time over which their first messages are spread */
	spread: number;
	/** Of this many messages, Kommo delivers one event twice, at the same moment. */
	doubled?: number;
	/** Of this many customers, a colleague writes to one while the answer is being thought about. */
	withColleague?: number;
}

/** The workflow that answers, without a model. It waits this many seconds until a customer is silent. */
export function makeConversation(name: string, quietTime: number): Hooked {
	const { workflow, webhookPath } = makeAccountWorkflow(name, ['add_message']);
	const chat = (name: string, parameters: object) => ({
		id: name,
		name,
		type: 'n8n-nodes-kommo-pipeline.kommoChat',
		typeVersion: 1,
		position: [320, 0],
		parameters: { authentication: 'accessToken', ...parameters },
		credentials: { [ADMINISTRATOR.type]: { id: ADMINISTRATOR.id, name: ADMINISTRATOR.name } },
	});
	const nodes = [
		workflow.nodes[0]!,
		chat('Received', { operation: 'getUnanswered', quietTime }),
		{
			id: 'think',
			name: 'Think',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [480, 0],
			parameters: {
				method: 'POST',
				url: `https://${THINKER_HOST}/`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '={{ JSON.stringify({ talk_id: $json.talk_id, text: $json.text }) }}',
				options: { response: { response: { responseFormat: 'json' } } },
			},
		},
		chat('Send Message', {
			talkId: "={{ $('Received').item.json.talk_id }}",
			text: '={{ $json.text }}',
			onlyIfNewest: "={{ $('Received').item.json.newest_message_id }}",
		}),
	];
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const connections = {
		...(workflow as Hooked['workflow'] & { connections: object }).connections,
		Received: to('Think'),
		Think: to('Send Message'),
	};
	return { workflow: { ...workflow, nodes, connections } as Hooked['workflow'], webhookPath };
}

/** In ms: how long the last answers may take once all customers have written */
const AFTERWARDS = 3 * 60 * SECOND;

/** How long a test with this plan takes at the most, in ms */
export const timeoutOf = ({ spread }: Plan) => spread + 3 * AFTERWARDS;

/** Many customers who write at the same time, each in a talk of their own */
export class Conversations {
	/** What the customers wrote, by the text, with when it was written, in ms */
	private readonly written = new Map<string, { talk: number; message: Message; time: number }>();

	/** When a colleague wrote, by the talk, in Unix seconds; missing for talks in which none did */
	private readonly colleagues = new Map<number, number | undefined>();

	/** The times of all requests to Kommo, in ms, and of those that send a message */
	readonly requests: number[] = [];

	readonly sends: number[] = [];

	/** Set before the first customer writes */
	talks!: Talks;

	private lastTalk = 20_000;

	private thoughts = 0;

	/** Another host that Kommo's stand-in answers for: it thinks, and answers with what it is asked. */
	readonly hosts = {
		[THINKER_HOST]: async (request: CompletedRequest): Promise<Answer> => {
			const { talk_id, text } = (await request.body.getJson()) as { talk_id: number; text: string };
			await this.think(talk_id);
			return json(200, { text });
		},
	};

	/** Waits as long as an answer takes. A colleague may write in this time. */
	async think(talk: number): Promise<void> {
		const thinking = between(THINKING.min, THINKING.max, ++this.thoughts);
		await sleep(thinking / 2);
		if (this.colleagues.has(talk) && !this.colleagues.get(talk)) {
			const { created_at } = this.talks.write(talk, {
				id: makeId(1_000_000 + talk),
				text: 'I am here.',
				type: 'outgoing',
				author: { id: 1, type: 'internal', name: 'Rui' },
			});
			this.colleagues.set(talk, created_at);
		}
		await sleep(thinking / 2);
	}

	/**
	 * Lets the customers write.
	 *
	 * @param deliver the event of a message of the talk; each is awaited
	 */
	async hold(
		{ customers, spread, doubled, withColleague }: Plan,
		deliver: (message: Message, talk: number) => Promise<unknown>,
	): Promise<void> {
		const isEvery = (count: number | undefined, number: number) =>
			count !== undefined && number % count === 0;
		const writing = Array.from({ length: customers }, async (_, index) => {
			const talk = ++this.lastTalk;
			this.talks.open({ talk_id: talk });
			if (isEvery(withColleague, index)) this.colleagues.set(talk, undefined);
			const count = 1 + (index % MOST_MESSAGES);
			const start = between(0, spread, index);
			const times = Array.from({ length: count }, (_, number) =>
				number === 0 ? start : start + between(0, BURST, index * MOST_MESSAGES + number),
			);
			let passed = 0;
			const deliveries: Array<Promise<unknown>> = [];
			for (const time of times.sort((a, b) => a - b)) {
				await sleep(time - passed);
				passed = time;
				const copies = isEvery(doubled, this.written.size) ? 2 : 1;
				deliveries.push(this.write(talk, copies, deliver));
			}
			await Promise.all(deliveries);
		});
		await Promise.all(writing);
	}

	/** By the talk, the texts that must be answered, in their order: those that no colleague has answered */
	get expected(): Record<number, string[]> {
		const expected: Record<number, string[]> = {};
		for (const [text, { talk, message }] of this.written) {
			const texts = (expected[talk] ??= []);
			const isOurs = message.created_at >= (this.colleagues.get(talk) ?? 0);
			if (isOurs) texts.push(text);
		}
		return expected;
	}

	/** By the talk, the texts that were answered, in the order of sending */
	get answered(): Record<number, string[]> {
		const answered = Object.fromEntries(
			Object.keys(this.expected).map((talk): [string, string[]] => [talk, []]),
		);
		for (const { talk_id, text } of this.talks.sent) {
			answered[talk_id]!.push(...text.split('\n'));
		}
		return answered;
	}

	/** What happened, in a sentence */
	get summary(): string {
		const { sent } = this.talks;
		const waits = sent
			.map(({ text }, index) => {
				const last = this.written.get(text.split('\n').at(-1)!);
				return (this.sends[index]! - last!.time) / SECOND;
			})
			.sort((a, b) => a - b);
		const at = (share: number) => waits[Math.floor(share * (waits.length - 1))]?.toFixed(1);
		const times = this.requests;
		const duration = (Math.max(...times) - Math.min(...times)) / SECOND;
		const { length } = times;
		const colleagues = [...this.colleagues.values()].filter((time) => time).length;
		return (
			`${Object.keys(this.expected).length} customers, ${this.written.size} messages, ${colleagues} colleagues: ` +
			`${sent.length} answers, ${length} requests in ${duration.toFixed(0)} s (${(length / duration).toFixed(1)} a second); ` +
			`from the last message to the answer ${at(0.5)} s at the median, ${at(0.95)} s for 95 %, ${at(1)} s at the most`
		);
	}

	/** A customer's message, and how often its event is delivered */
	private async write(
		talk: number,
		copies: number,
		deliver: (message: Message, talk: number) => Promise<unknown>,
	): Promise<void> {
		const number = this.written.size + 1;
		const text = `Message ${number} of ${talk}`;
		const message = this.talks.write(talk, { id: makeId(number), text });
		this.written.set(text, { talk, message, time: Date.now() });
		await sleep(between(0, WAY, number));
		await Promise.all(Array.from({ length: copies }, async () => deliver(message, talk)));
	}
}

/** Within one second, the ids tell the order. */
function makeId(number: number): string {
	return `e9c11d5e-94c1-4e2a-8d5a-${String(number).padStart(12, '0')}`;
}

/** A different value for each number, the same in each run */
function between(min: number, max: number, number: number): number {
	return min + ((number * 0.618_033_988_75) % 1) * (max - min);
}

/** Waits with the timers of the caller, which may be virtual */
async function sleep(ms: number): Promise<void> {
	await new Promise<void>((resolve) => setTimeout(resolve, ms));
}

/**
 * Lets customers write to a published workflow, and waits until it has answered all.
 *
 * @throws if a text is not answered exactly once, or a text is answered that a colleague has answered
 */
export async function mustBeAnsweredOnce(
	conversations: Conversations,
	plan: Plan,
	{ kommo, rest }: { kommo: KommoStandIn; rest: RestClient },
	{ workflow: { id: workflowId } }: Hooked,
): Promise<void> {
	conversations.talks = kommo.talks;
	kommo.received.length = 0;
	kommo.deliveries.patience = AFTERWARDS;
	await conversations.hold(plan, async (...message) => deliverMessages(kommo, [message]));
	await kommo.deliveries.settle();
	await rest.waitUntilIdle({ workflowId, timeout: AFTERWARDS });
	for (const { path, time } of kommo.received) {
		conversations.requests.push(time);
		if (path.endsWith('/send_message')) conversations.sends.push(time);
	}
	process.stdout.write(`${conversations.summary}\n`);
	expect(conversations.answered).toEqual(conversations.expected);
	const executions = await readExecutions(rest, workflowId, ACCOUNT_TRIGGER);
	expect(executions.filter(({ status }) => status !== 'success')).toEqual([]);
}
