import type { Message, Talks } from '../../scripts/kommo/standIn/talks';
import type { Execution } from '../../scripts/n8n/restClient';
import { AccountN8n } from './accountN8n';
import { deliverMessages } from './chatMessages';
import type { Hooked } from './instance';
import { ModelStandIn } from './modelStandIn';

export const BOT = { type: 'outgoing', author: { id: 0, type: 'bot', name: 'n8n' } } as const;
export const COLLEAGUE = {
	type: 'outgoing',
	author: { id: 1, type: 'internal', name: 'Rui' },
} as const;

/** Customers of Kommo, who write to a real n8n whose workflows ask a model. Each talk is of a lead with its id. */
export class ChatN8n {
	/** The talk in which the customer writes, unless another is named */
	talk = 1000;

	private messages = 0;

	private published?: Hooked;

	private constructor(
		readonly n8n: AccountN8n,
		readonly model: ModelStandIn,
	) {}

	/** @param workflows imported; each is published when a customer writes to it */
	static async start(workflows: Hooked[]): Promise<ChatN8n> {
		const model = new ModelStandIn();
		const n8n = await AccountN8n.start(workflows, {}, model);
		// On a busy machine an answer may take more than 2 s, and Kommo would send the event again. That is not tested here.
		n8n.kommo.deliveries.patience = 30_000;
		return new ChatN8n(n8n, model);
	}

	async stop(): Promise<void> {
		await this.n8n.stop();
	}

	get talks(): Talks {
		return this.n8n.kommo.talks;
	}

	/** The texts that were sent through the API, the oldest first */
	get sent(): string[] {
		return this.talks.sent.map(({ text }) => text);
	}

	/** What the model was asked last, in the prompt with this index */
	promptOf(index: number): string {
		return this.model.prompts[index]!.messages.at(-1)!.content;
	}

	/** Forgets what was sent and asked, and continues in a new talk. */
	begin(): void {
		this.n8n.kommo.fault = undefined;
		this.talks.sent.length = 0;
		this.talks.runs.length = 0;
		this.model.prompts.length = 0;
		this.model.refusal = undefined;
		this.openTalk();
	}

	/** Continues in a new talk, for which the model has these answers. */
	openTalk(...answers: ModelStandIn['answers']): number {
		this.model.answers.splice(0, Infinity, ...answers);
		return this.talks.open({ talk_id: ++this.talk }).talk_id;
	}

	/** Lets the lead of the talk have the checkbox field ticked or not. */
	tick(field_id: number, field_name: string, value: boolean): void {
		const custom_fields_values = [{ field_id, field_name, values: [{ value }] }];
		this.talks.edits.push({ path: `leads/${this.talk}`, body: { custom_fields_values } });
	}

	/** Adds a message to the talk, without an event. Within one second, the ids tell the order. */
	add(message: Partial<Message>, talk = this.talk): Message {
		const id = `e9c11d5e-94c1-4e2a-8d5a-${String(++this.messages).padStart(12, '0')}`;
		return this.talks.write(talk, { id, ...message });
	}

	/** Lets the customer write these messages. Their events come one after the other. Gives the newest execution. */
	async write(workflow: Hooked, ...messages: Array<Partial<Message>>): Promise<Execution> {
		for (const message of messages.map((some) => this.add(some))) {
			await this.deliver(workflow, [[message, this.talk]]);
		}
		return await this.waitForEnd(workflow);
	}

	/** Kommo sends the messages in one request, each with its talk. */
	async deliver(workflow: Hooked, messages: Array<[Message, number]>): Promise<void> {
		if (this.published !== workflow) {
			if (this.published) await this.n8n.unpublish(this.published);
			await this.n8n.publish(workflow);
			this.published = workflow;
		}
		await deliverMessages(this.n8n.kommo, messages);
	}

	async waitForEnd({ workflow: { id } }: Hooked): Promise<Execution> {
		await this.n8n.rest.waitUntilIdle({ workflowId: id });
		return await this.n8n.rest.waitForExecution(id);
	}
}
