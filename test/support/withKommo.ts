import { Instance, type Setup } from './instance';
import { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';

/** Where Kommo reaches n8n, as in a picture of a user's n8n */
export const PUBLIC_ADDRESS = 'https://n8n.example.com';

/** Tells n8n its own address. n8n 1.x knows only the older name. */
export const PUBLIC_ENV = {
	N8N_WEBHOOK_URL: `${PUBLIC_ADDRESS}/`,
	WEBHOOK_URL: `${PUBLIC_ADDRESS}/`,
};

/**
 * n8n 2.41 makes a sandbox for expressions for each webhook and each execution, even when there is no
 * expression. With this it makes them on demand, and answers about ten times as many requests a second.
 */
const SANDBOX_ON_DEMAND = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** Other hosts that the stand-in answers for */
export type OtherHosts = Parameters<typeof KommoStandIn.start>[1];

interface SetupWithKommo<Name extends string> extends Omit<Setup<Name>, 'prepareEnv'> {
	/** Environment variables for n8n besides the usual ones */
	env?: NodeJS.ProcessEnv;
	otherHosts?: OtherHosts;
}

export interface WithKommo<Name extends string> {
	kommo: KommoStandIn;
	instance: Instance<Name>;
	stop(): Promise<void>;
}

/** Starts Kommo, and a real n8n at a public address: the requests of each to the other reach it. */
export async function startWithKommo<Name extends string>({
	env,
	otherHosts,
	...setup
}: SetupWithKommo<Name>): Promise<WithKommo<Name>> {
	let kommo: KommoStandIn | undefined;
	try {
		const instance = await Instance.start({
			...setup,
			async prepareEnv(folder) {
				kommo = await KommoStandIn.start(folder, otherHosts);
				return { ...SANDBOX_ON_DEMAND, ...kommo.env, ...PUBLIC_ENV, ...env };
			},
		});
		const standIn = kommo!;
		standIn.deliveries.origins[PUBLIC_ADDRESS] = instance.n8n.url;
		return {
			kommo: standIn,
			instance,
			async stop() {
				await instance.stop();
				await standIn.stop();
			},
		};
	} catch (error) {
		await kommo?.stop();
		throw error;
	}
}
