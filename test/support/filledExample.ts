import { ADMINISTRATOR } from './accountWorkflow';
import { useExample, type Hooked } from './instance';
import { MODEL_CREDENTIAL } from './modelStandIn';

type Node = Hooked['workflow']['nodes'][number];

/** The checkbox field of Kommo's stand-in, which a person ticks to take over */
export const TAKEN_OVER = 805475;

const choose = ({ id, name, type }: typeof ADMINISTRATOR | typeof MODEL_CREDENTIAL) => ({
	[type]: { id, name },
});
const KOMMO = choose(ADMINISTRATOR);
const OPEN_AI = choose(MODEL_CREDENTIAL);

const byId = (id: number) => ({ __rl: true, mode: 'id', value: String(id) });

/** What a user chooses in a node, by its name, besides the credential */
const CHOSEN: Record<string, object> = {
	'Get Unanswered': { quietTime: 1, leaveAlone: { field: byId(TAKEN_OVER) } },
	'Hand Over': { field: byId(TAKEN_OVER) },
	'Hand Over Location': { field: byId(TAKEN_OVER) },
	'Run Salesbot': { bot: byId(36143), field: byId(805471) },
	'Wait an Hour': { amount: 1, unit: 'seconds' },
};

/** An example with its credentials and fields, as its note says. It waits a second where users wait longer. */
export function useFilledExample(file: string, change = (node: Node) => node): Hooked {
	const { workflow, webhookPath } = useExample(file);
	const nodes = workflow.nodes.map((node) => {
		const credentials = credentialsOf(node);
		const parameters = { ...node.parameters, ...CHOSEN[node.name] };
		return change({ ...node, parameters, ...(credentials && { credentials }) });
	});
	return { workflow: { ...workflow, nodes }, webhookPath };
}

function credentialsOf({ type, parameters }: Node): object | undefined {
	if (/openai$/i.test(type)) return OPEN_AI;
	const isOfKommo = type.startsWith('n8n-nodes-kommo-pipeline.');
	return isOfKommo || 'nodeCredentialType' in parameters ? KOMMO : undefined;
}
