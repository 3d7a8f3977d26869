import type { Browser, Locator, Page } from 'playwright-core';

import { OWNER } from '../../scripts/n8n/restClient';
import { until } from '../../scripts/n8n/until';

const TIMEOUT = 60_000;

/** Large enough for a panel of a node with its three columns */
const VIEWPORT = { width: 1920, height: 1100 };

/** n8n's editor in a browser, used as a person does. */
export class Editor {
	/**
	 * Exceptions and errors of the page, and its warnings about our node. Failed loads from elsewhere, and
	 * missing schemas of n8n's own nodes, do not count.
	 */
	readonly complaints: string[] = [];

	private constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		page.on('pageerror', ({ message }) => this.complaints.push(message));
		page.on('console', (message) => {
			const source = message.location().url;
			const text = `${message.text()} ${source}`;
			const isOurs = message.type() === 'error' || /kommo/i.test(text);
			const isLoud = ['error', 'warning'].includes(message.type());
			const isOthersSchema = /\/schemas\/(@n8n\/)?n8n-nodes-(base|langchain)\./.test(source);
			if (isLoud && isOurs && source.startsWith(url) && !isOthersSchema) this.complaints.push(text);
		});
	}

	/** Opens a window, signed in as the owner of the instance. The sign-in page differs between versions of n8n. */
	static async open(browser: Browser, url: string): Promise<Editor> {
		const context = await browser.newContext({
			viewport: VIEWPORT,
			deviceScaleFactor: 2,
			permissions: ['clipboard-read', 'clipboard-write'],
		});
		// The editor asks the package registry about community nodes. That is not tested here.
		await context.route(
			(target) => target.origin !== url,
			(route) => route.abort(),
		);
		await context.request.post(`${url}/rest/login`, {
			data: { emailOrLdapLoginId: OWNER.email, password: OWNER.password },
			failOnStatusCode: true,
		});
		const page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT);
		return new Editor(page, url);
	}

	/** The page is there long before everything is loaded in the background. */
	private async goTo(path: string): Promise<void> {
		await this.page.goto(this.url + path, { waitUntil: 'commit' });
	}

	async newWorkflow(): Promise<void> {
		await this.goTo('/workflow/new');
		await this.page.getByTestId('canvas-plus-button').waitFor();
	}

	/** The id of the open workflow. It has one as soon as it is saved. */
	get workflowId(): string {
		return /\/workflow\/(\w+)/.exec(this.page.url())?.[1] ?? '';
	}

	async openWorkflow(id: string): Promise<void> {
		await this.goTo(`/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** Opens the nodes panel of an empty canvas. */
	async openNodesPanel(): Promise<void> {
		await this.page.getByTestId('canvas-plus-button').click();
	}

	async searchNodes(text: string): Promise<void> {
		await this.page.getByTestId('node-creator-search-bar').fill(text);
	}

	/** The names that the nodes panel lists, from top to bottom. */
	get listed(): Locator {
		return this.page.getByTestId('node-creator-item-name');
	}

	/** What the nodes panel lists under a name. */
	listedNode(name: string): Locator {
		return this.listed.getByText(name, { exact: true });
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.parameters.waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.parameters.waitFor({ state: 'hidden' });
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	get parameters(): Locator {
		return this.page.getByTestId('node-parameters');
	}

	get outputPanel(): Locator {
		return this.page.getByTestId('output-panel');
	}

	/** The outputs of a node, in their order, where its wires begin. */
	outputs(node: string): Locator {
		return this.page.locator(
			`[data-test-id="canvas-node-output-handle"][data-node-name="${node}"]`,
		);
	}

	/** The labels at the outputs of a node, as soon as there are this many. Below a label, n8n writes how many items left. */
	async labels(node: string, count: number): Promise<Array<string | undefined>> {
		const outputs = this.outputs(node);
		await outputs.nth(count - 1).waitFor();
		await outputs.nth(count).waitFor({ state: 'detached' });
		return (await outputs.allInnerTexts()).map((text) => text.split('\n')[0]);
	}

	/** Adds a node behind an output, by the plus that stands there. */
	async addNodeBehind(node: string, output: number, name: string): Promise<void> {
		await this.outputs(node).nth(output).getByTestId('canvas-handle-plus').click();
		await this.searchNodes(name);
		await this.listedNode(name).click();
		await this.closeNode();
	}

	/** Chooses a value in the list of a parameter of the open node. If the list takes several values, it adds this one. */
	async choose(parameter: string, option: string): Promise<void> {
		const field = this.page.getByTestId(`parameter-input-${parameter}`);
		await field.locator('.el-select__caret, .el-select__icon').first().click();
		await this.page.locator('.option-headline:visible').getByText(option, { exact: true }).click();
		await this.closeLists();
	}

	/** Chooses by name in a list that the open node loads. Gives all names of the list. */
	async chooseLoaded(parameter: string, name: string): Promise<string[]> {
		await this.parameters
			.getByTestId(`resource-locator-${parameter}`)
			.getByTestId('rlc-input-container')
			.click();
		const entries = this.page.getByTestId('rlc-item').filter({ visible: true });
		const entry = entries.getByText(name, { exact: true });
		await entry.waitFor();
		const names = await entries.allInnerTexts();
		await entry.click();
		await entry.waitFor({ state: 'hidden' });
		return names;
	}

	/** Types into a parameter of the open node. With `{{` in the text it becomes an expression. */
	async type(parameter: string, text: string): Promise<void> {
		const field = this.parameters.getByTestId(`parameter-input-${parameter}`);
		await field.locator('textarea, input, .cm-content').first().fill(text);
		await this.closeLists();
	}

	/** Removes a value from a parameter of the open node that takes several. */
	async unselect(parameter: string, option: string): Promise<void> {
		const tag = this.page
			.getByTestId(`parameter-input-${parameter}`)
			.locator('.el-tag', { hasText: option });
		await tag.locator('.el-tag__close').click();
		await this.closeLists();
	}

	private async closeLists(): Promise<void> {
		await this.page.getByTestId('tab-params').click();
	}

	/** Adds an entry to a collection of the open node, such as a filter. */
	async add(button: string, entry: string): Promise<void> {
		await this.page.getByPlaceholder(button).click();
		await this.page
			.getByTestId('collection-parameter-option')
			.filter({ visible: true })
			.getByText(entry, { exact: true })
			.click();
	}

	/** Copies a webhook URL of the open node as the user does, by a click on it. */
	async copyUrl(kind: 'test' | 'production'): Promise<string> {
		const choice = this.page.getByTestId(`radio-button-${kind}`);
		if (!(await choice.isVisible()))
			await this.parameters.getByText('Webhook URLs', { exact: true }).click();
		await choice.click();
		await this.page.evaluate("navigator.clipboard.writeText('')");
		const path = { test: '/webhook-test/', production: '/webhook/' }[kind];
		await this.page.locator('.webhook-url', { hasText: path }).click();
		const readUrl = async () => {
			const copied = await this.page.evaluate<string>('navigator.clipboard.readText()');
			return copied.includes(path) ? copied : undefined;
		};
		return await until(readUrl, 'address in the clipboard');
	}

	/**
	 * Creates the first credential for the open node. The panel then chooses it.
	 *
	 * @param button the text of the button that is there while no credential is chosen
	 * @param fields the values of the credential's fields, by their names
	 */
	async createCredential(button: string, fields: Record<string, string>): Promise<void> {
		await this.parameters.getByRole('button', { name: button }).click();
		const dialog = this.page.getByTestId('editCredential-modal');
		for (const [name, value] of Object.entries(fields)) {
			await dialog.getByTestId(`parameter-input-${name}`).locator('input').fill(value);
		}
		await dialog.getByTestId('credential-save-button').click();
		// n8n closes it once the credential has passed its test.
		await dialog.waitFor({ state: 'hidden' });
	}

	/** The button that lets the open trigger listen for a test event. While it runs, the same one stops it. */
	get listenButton(): Locator {
		const button = this.page.getByTestId('trigger-execute-button');
		return button.filter({ hasText: /Execute step|Fetch Test Event/ });
	}

	/** Lets the open trigger listen for a test event. */
	async listen(): Promise<void> {
		await this.listenButton.click();
		await this.page.getByTestId('trigger-listening').waitFor();
	}

	async stopListening(): Promise<void> {
		const panel = this.page.getByTestId('trigger-listening');
		await panel.getByRole('button', { name: 'Stop Listening' }).click();
		await panel.waitFor({ state: 'hidden' });
	}

	/** What n8n says in the corner of the window under this title. Closes it. */
	async readNotification(title: string): Promise<string> {
		const notification = this.page.getByRole('alert').filter({ hasText: title });
		const text = await notification.innerText();
		await notification.locator('.el-notification__closeBtn').click();
		return text;
	}

	/** Pins items to the open node, in place of its own items. */
	async setMockData(json: string): Promise<void> {
		await this.outputPanel.getByText('set mock data').click();
		await this.outputPanel.locator('.cm-content').fill(json);
		await this.outputPanel.getByRole('button', { name: 'Save' }).click();
		await this.outputPanel.getByTestId('ndv-pinned-data-callout').waitFor();
	}

	/** Executes the open node with the items that it has got. */
	async executeStep(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	/** Executes the open workflow. */
	async executeWorkflow(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	/** The wires on the canvas, each as `label of the output > node`. */
	async wires(): Promise<string[]> {
		const edges = this.page.getByTestId('edge');
		await edges.first().waitFor({ state: 'attached' });
		const wires = await Promise.all(
			(await edges.all()).map(async (edge) => {
				const source = await edge.getAttribute('data-source-node-name');
				const target = await edge.getAttribute('data-target-node-name');
				const id = (await edge.locator('path').first().getAttribute('id')) ?? '';
				const index = Number(/outputs\/main\/(\d+)/.exec(id)?.[1]);
				const label = await this.outputs(source ?? '')
					.nth(index)
					.innerText();
				return `${label.split('\n')[0]} > ${target}`;
			}),
		);
		return wires.sort();
	}

	/** Publishes the open workflow, and gives what n8n says then. */
	async publish(): Promise<string> {
		await this.startPublishing();
		const dialog = this.page.getByRole('dialog').filter({ hasText: 'Workflow published' });
		const text = await dialog.innerText();
		await dialog.getByRole('button', { name: 'Got it' }).click();
		return text;
	}

	async startPublishing(): Promise<void> {
		await this.page.getByTestId('workflow-open-publish-modal-button').click();
		await this.page.getByTestId('workflow-publish-button').click();
	}

	async openExecution(workflowId: string, id: string): Promise<void> {
		await this.goTo(`/workflow/${workflowId}/executions/${id}`);
		await this.page.getByTestId('canvas-node-status-success').first().waitFor();
	}

	/** The nodes at the ends of the wires that light up in an execution. */
	async litBranches(): Promise<Array<string | null>> {
		const lit = this.page.locator(
			'[data-test-id="edge-label"]:is([data-edge-status="success"], [data-edge-status="pinned"])',
		);
		await lit.first().waitFor({ state: 'attached' });
		// They light up one after the other.
		let names = await listAttributes(lit, 'data-target-node-name');
		for (let before = -1; before !== names.length;) {
			before = names.length;
			await this.page.waitForTimeout(1_000);
			names = await listAttributes(lit, 'data-target-node-name');
		}
		return names;
	}
}

async function listAttributes(elements: Locator, name: string): Promise<Array<string | null>> {
	return await Promise.all((await elements.all()).map((element) => element.getAttribute(name)));
}
