import type { Browser } from 'playwright-core';

import { Instance, type Setup } from '../support/instance';
import { KommoStandIn } from '../support/kommoStandIn';
import { launchChromium } from './chromium';
import { Editor } from './editor';
import { takePictureOfFailure } from './pictures';

/** What n8n takes for its own address, as in a picture of a user's n8n */
export const PUBLIC_ADDRESS = 'https://n8n.example.com';

/** Kommo, a real n8n, and its editor with a new workflow in a browser, for the tests of one file. */
export class Session<Name extends string> {
	private constructor(
		readonly kommo: KommoStandIn,
		readonly instance: Instance<Name>,
		private readonly browser: Browser,
		readonly editor: Editor,
	) {}

	static async start<Name extends string>(
		setup: Omit<Setup<Name>, 'prepareEnv'>,
		otherHosts?: Parameters<typeof KommoStandIn.start>[1],
	): Promise<Session<Name>> {
		let kommo: KommoStandIn | undefined;
		let instance: Instance<Name> | undefined;
		let browser: Browser | undefined;
		try {
			instance = await Instance.start({
				...setup,
				async prepareEnv(folder) {
					kommo = await KommoStandIn.start(folder, otherHosts);
					return { ...kommo.env, N8N_WEBHOOK_URL: `${PUBLIC_ADDRESS}/` };
				},
			});
			browser = await launchChromium();
			const editor = await Editor.open(browser, instance.n8n.url);
			await editor.newWorkflow();
			return new Session(kommo!, instance, browser, editor);
		} catch (error) {
			await browser?.close();
			await instance?.stop();
			await kommo?.stop();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.browser.close();
		await this.instance.stop();
		await this.kommo.stop();
	}

	/** The URL with the address that the instance listens at, in place of its public one. */
	atInstance(url: string): string {
		return url.replace(PUBLIC_ADDRESS, this.instance.n8n.url);
	}
}

/** Makes tests that show, when they fail, what the browser showed. */
export const stepsIn =
	(session: () => Session<string>) => (name: string, run: () => Promise<void>) =>
		it(name, async () => {
			try {
				await run();
			} catch (error) {
				const picture = await takePictureOfFailure(session().editor.page);
				console.log(`The editor at that time: ${picture}`);
				throw error;
			}
		});
