import { parseArgs } from 'node:util';

interface Settings {
	/** Whether to start a stand-in of Kommo too */
	withKommo: boolean;
	/** Environment variables that tell n8n the address at which Kommo reaches it */
	env: NodeJS.ProcessEnv;
}

/**
 * What the user wants of `npm start`
 *
 * @throws an error with a sentence for the user
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
	const { values } = parseArgs({ args, options: { kommo: { type: 'boolean' } } });
	const withKommo = values.kommo === true;
	const url = env.N8N_WEBHOOK_URL ?? env.WEBHOOK_URL;
	if (!url) return { withKommo, env: {} };
	if (withKommo) {
		throw new Error(
			'The stand-in of Kommo needs no address on the web: leave WEBHOOK_URL out, or --kommo.',
		);
	}
	if (!URL.canParse(url) || !/^https?:/i.test(url)) {
		throw new Error(
			`WEBHOOK_URL must be an address such as https://n8n.example.com/, but it is "${url}".`,
		);
	}
	const hops = env.N8N_PROXY_HOPS;
	return {
		withKommo,
		env: { N8N_WEBHOOK_URL: url, WEBHOOK_URL: url, ...(hops && { N8N_PROXY_HOPS: hops }) },
	};
}
