import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { TALK } from '../kommo/accountRecords';
import { findEvent, type SimulatedEvent } from '../kommo/events';
import { toListed } from '../kommo/listed';
import type { ListedEvent } from '../kommo/standIn/events';
import { KommoStandIn } from '../kommo/standIn/kommoStandIn';
import type { Message } from '../kommo/standIn/talks';
import { ACCESS_TOKEN } from '../kommo/standIn/tokens';
import { CHAT_PORT, EVENTS_URL, PUBLIC_ADDRESS } from '../n8n/demo';
import type { Workflow } from '../n8n/example';
import { furnish, happen } from './account';

/** How long n8n has to answer a message, in ms */
const TIME_LIMIT = 20_000;

const NOBODY_LISTENS =
	'No workflow takes messages. Publish one with a Kommo Account Trigger, or click "Execute step" in that trigger.';

const CREDENTIAL = {
	id: 'administrator',
	name: 'Administrator',
	type: 'kommoPipelineAccessTokenApi',
	data: { account: 'acme', accessToken: ACCESS_TOKEN },
};

/**
 * Kommo for those who have no account: n8n reaches it at `acme.kommo.com`, and `npm run simulate -- message` writes
 * to it as a customer does.
 */
export class DemoKommo {
	readonly credential = CREDENTIAL;

	/** Answers each message by repeating it */
	readonly workflow: Workflow = makeAnsweringWorkflow();

	private server?: Server;

	private constructor(private readonly kommo: KommoStandIn) {}

	/** @param folder for the certificate that n8n must trust */
	static async start(folder: string): Promise<DemoKommo> {
		const kommo = await KommoStandIn.start(folder);
		furnish(kommo);
		// So that Fetch Test Event finds something
		const event = findEvent('status')!;
		happen(kommo, toListed(event, event.makeRecord(event.sampleId))!);
		return new DemoKommo(kommo);
	}

	/** The environment that n8n needs to reach Kommo, and with which Kommo can reach n8n */
	get env(): NodeJS.ProcessEnv {
		const url = `${PUBLIC_ADDRESS}/`;
		return { ...this.kommo.env, N8N_WEBHOOK_URL: url, WEBHOOK_URL: url };
	}

	/** Takes what customers write and what else happens, and sends messages to n8n. */
	async listen(n8nUrl: string): Promise<void> {
		this.kommo.deliveries.origins[PUBLIC_ADDRESS] = n8nUrl;
		this.server = createServer((request, response) => {
			const isList = request.url === new URL(EVENTS_URL).pathname;
			void readText(request)
				.then(async (text) => (isList ? this.list(text) : await this.write(text)))
				.then((answer) => response.end(JSON.stringify(answer)))
				.catch((error: Error) => response.writeHead(500).end(error.message));
		});
		await new Promise<void>((resolve) => this.server!.listen(CHAT_PORT, '127.0.0.1', resolve));
	}

	async stop(): Promise<void> {
		this.server?.close();
		await this.kommo.stop();
	}

	/** @param text the events, as JSON */
	private list(text: string): void {
		for (const event of JSON.parse(text) as Array<Partial<ListedEvent>>) happen(this.kommo, event);
	}

	/**
	 * Lets a customer write, and waits for an answer. Gives the messages that n8n sent into the chat in this
	 * time.
	 */
	private async write(text: string): Promise<string[]> {
		const { talks, deliveries } = this.kommo;
		const before = talks.sent.length;
		// A second ago: an answer of the same second would leave it unanswered (docs/answer-a-chat.md).
		const created_at = Math.floor(Date.now() / 1000) - 1;
		const message = talks.write(TALK.talk_id, { text, id: randomUUID(), created_at });
		const event = toEvent(message);
		happen(this.kommo, toListed(event, event.makeRecord(event.sampleId))!);
		const made = await deliveries.happen(event);
		if (made.length === 0) throw new Error(NOBODY_LISTENS);
		const end = Date.now() + TIME_LIMIT;
		while (talks.sent.length === before && Date.now() < end) await sleep(100);
		return talks.sent.slice(before).map((sent) => String(sent.text));
	}
}

/** The account-wide webhook of a message */
function toEvent({ id, text, created_at }: Message): SimulatedEvent {
	const event = findEvent('add_message')!;
	const makeRecord = (lead: number) => ({ ...event.makeRecord(lead), id, text, created_at });
	return { ...event, makeRecord };
}

function makeAnsweringWorkflow(): Workflow {
	const node = (name: string, x: number, parameters: object) => ({
		id: name,
		name,
		type: `n8n-nodes-kommo-pipeline.${name[0]!.toLowerCase()}${name.slice(1).replaceAll(' ', '')}`,
		typeVersion: name.endsWith('Trigger') ? 1.1 : 1,
		position: [x, 0],
		parameters: { authentication: 'accessToken', ...parameters },
		credentials: { [CREDENTIAL.type]: { id: CREDENTIAL.id, name: CREDENTIAL.name } },
	});
	const trigger = node('Kommo Account Trigger', 0, { events: ['add_message'] });
	const answer = node('Kommo Chat', 320, {
		resource: 'chat',
		operation: 'sendMessage',
		talkId: '={{ $json.talk_id }}',
		text: '=You wrote: {{ $json.text }}',
	});
	const workflow = {
		id: randomUUID().replaceAll('-', '').slice(0, 16),
		name: 'Answer a message',
		nodes: [{ ...trigger, webhookId: randomUUID() }, answer],
		connections: { [trigger.name]: { main: [[{ node: answer.name, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
	return workflow;
}
