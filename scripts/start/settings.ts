import { Command } from 'commander';

import { DEMO_PORT } from '../n8n/demo';

interface Settings {
	/** Whether to start a stand-in of Kommo too */
	withKommo: boolean;
	/** Environment variables that tell n8n the address at which Kommo reaches it */
	env: NodeJS.ProcessEnv;
}

/**
 * What the user wants of `npm start`. With `--help`, prints the help and ends the process.
 *
 * @throws an error with a sentence for the user
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
	const command = new Command('npm start --')
		.description('Starts a real n8n with these nodes, and forgets everything when it stops.')
		.option('--kommo', 'start a stand-in of Kommo too')
		.addHelpText(
			'after',
			`
Environment variables:
  PORT         where n8n listens (now: ${DEMO_PORT})
  WEBHOOK_URL  the address at which Kommo reaches this n8n, such as that of a tunnel
  N8N_VERSION  another version of n8n`,
		);
	const withKommo = command.parse(args, { from: 'user' }).opts().kommo === true;
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
