import { randomUUID } from 'node:crypto';

import {
	ObservableObject,
	type IDataObject,
	type INode,
	type IPollFunctions,
	type WorkflowActivateMode,
} from 'n8n-workflow';

import { KommoPollingTrigger } from '../../../nodes/KommoPollingTrigger/KommoPollingTrigger.node';
import type { VirtualTime } from '../virtualTime';
import type { ListedEvents } from './listedEvents';

/** A published workflow with a polling trigger, as n8n keeps and polls it, in virtual time. */
export class PolledTrigger {
	/** Another one after an update of the package */
	type: Pick<KommoPollingTrigger, 'poll'> = new KommoPollingTrigger();

	name = 'Kommo Polling Trigger';

	id = 'node-1';

	instance = 'instance-1';

	host = 'acme.kommo.com';

	events: unknown = ['lead_status_changed'];

	options: IDataObject = {};

	filters: IDataObject = {};

	/** In ms; n8n 1.x has none */
	budget?: number;

	/** The ids of the events that the workflow was given, in their order */
	readonly given: string[] = [];

	readonly warnings: string[] = [];

	/** The largest that n8n has saved, in bytes */
	largestStaticData = 0;

	/** What n8n has in its database */
	saved = '{}';

	/** With n8n's durable cursors: what it stores for the node, by the node's id */
	cursors?: Map<string, string>;

	/** Another trigger of the same workflow has the same. */
	workflow = randomUUID();

	private staticData: IDataObject = {};

	private context?: IPollFunctions;

	private process = 1;

	constructor(
		private readonly time: VirtualTime,
		private readonly list: ListedEvents,
	) {}

	/** Publishes the workflow, or starts n8n: the first poll belongs to it. */
	async begin(activation: WorkflowActivateMode = 'activate'): Promise<string[]> {
		this.load();
		this.context = this.makeContext(activation);
		const given = this.record((await this.time.run(this.startPoll(true)))!);
		this.saved = JSON.stringify(this.staticData);
		return given;
	}

	/** Polls; gives the ids of the events that the workflow was given. */
	async poll(): Promise<string[]> {
		const outcome = await this.time.run(this.startPoll());
		return this.record(outcome!);
	}

	/** Polls, and kills n8n after this time if the poll goes on for so long; n8n starts again. */
	async pollUntilKilled(ms: number): Promise<void> {
		const poll = this.time.run(this.startPoll(), this.time.now + ms);
		const outcome = await poll.catch(() => undefined);
		if (outcome) this.record(outcome);
		this.process++;
		await this.begin('init').catch(() => undefined);
	}

	/** What Fetch Test Event shows */
	async fetchTestEvent(): Promise<IDataObject[]> {
		this.load();
		const context = this.makeContext('manual', 'manual');
		const outputs = await this.time.run(this.type.poll.call(context));
		return outputs!.flat().map(({ json }) => json);
	}

	get staticDataSize(): number {
		return JSON.stringify(this.staticData).length;
	}

	private load(): void {
		this.staticData = ObservableObject.create(JSON.parse(this.saved) as IDataObject) as IDataObject;
	}

	/** Begins a poll, without letting time pass. */
	async startPoll(isFirst = false) {
		const cursor = this.cursors && this.readCursor();
		// With durable cursors, each poll but the first has a workflow of its own.
		if (this.cursors && !isFirst) this.load();
		const context = cursor ? this.makeContext('update', 'trigger', cursor) : this.context!;
		const outputs = await this.type.poll.call(context);
		const commit = (): void => {
			if (cursor) this.cursors!.set(this.id, JSON.stringify(cursor));
		};
		return { outputs, commit };
	}

	private record({ outputs, commit }: Awaited<ReturnType<PolledTrigger['startPoll']>>): string[] {
		commit();
		if (!outputs) return [];
		this.saved = JSON.stringify(this.staticData);
		this.largestStaticData = Math.max(this.largestStaticData, this.saved.length);
		const ids = outputs.flat().map(({ json }) => String(json.event_id));
		this.given.push(...ids);
		return ids;
	}

	private readCursor(): IDataObject {
		const { id, name } = this;
		const kept = this.cursors!.get(id);
		if (kept !== undefined) return JSON.parse(kept) as IDataObject;
		return structuredClone(
			(JSON.parse(this.saved) as IDataObject)[`node:${name}`] ?? {},
		) as IDataObject;
	}

	private dataOf(staticData: IDataObject, key: string): IDataObject {
		staticData[key] ??= ObservableObject.create({}, staticData as never) as IDataObject;
		return staticData[key] as IDataObject;
	}

	private makeContext(
		activation: WorkflowActivateMode,
		mode = 'trigger',
		cursor?: IDataObject,
	): IPollFunctions {
		const { name, id, list, staticData, process } = this;
		const parameters = (): Record<string, unknown> => ({
			events: this.events,
			outputMode: 'single',
			authentication: 'accessToken',
			filters: this.filters,
			options: this.options,
		});
		const context = {
			getNode: () => ({ id, name, credentials: {}, parameters: parameters() }) as unknown as INode,
			// What a killed process had under way does not matter to the next one.
			getWorkflow: () => ({
				id: `${this.workflow} in process ${process}`,
				name: 'Workflow',
				active: true,
			}),
			getMode: () => mode,
			getActivationMode: () => activation,
			getInstanceId: () => this.instance,
			getNodeParameter: (parameter: string, fallback?: unknown) =>
				parameters()[parameter] ?? fallback,
			getCredentials: async () => ({ account: this.host }),
			getWorkflowStaticData: (type: 'node' | 'global') => {
				if (type === 'global') return this.dataOf(staticData, 'global');
				return cursor ?? this.dataOf(staticData, `node:${name}`);
			},
			logger: { warn: (message: string) => this.warnings.push(message) },
			helpers: {
				httpRequestWithAuthentication: async (_: string, request: never) => list.answer(request),
			},
			...(this.budget !== undefined && { getPollBudgetMs: () => this.budget }),
		};
		return context as unknown as IPollFunctions;
	}
}
