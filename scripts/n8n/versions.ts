/** The differences between the tested versions of n8n */
interface Version {
	/** For dependencies that are not in the registry, the versions to install in their place */
	overrides: Record<string, string>;
	/** The arguments of n8n's CLI that publish a workflow */
	publish(workflowId: string): string[];
}

const VERSIONS: Record<string, Version> = {
	'2.41.1': {
		overrides: {},
		publish: (workflowId) => ['publish:workflow', `--id=${workflowId}`],
	},
	'1.123.81': {
		overrides: { xlsx: '0.18.5' },
		publish: (workflowId) => ['update:workflow', '--active=true', `--id=${workflowId}`],
	},
};

const DEFAULT_VERSION = '2.41.1';

export interface N8nVersion extends Version {
	/** e.g. `2.41.1` */
	number: string;
}

/**
 * @param name e.g. `2.41.1`; the default version when it is empty or absent
 * @throws an error that lists the versions, if the name is none of them
 */
export function chooseVersion(name = process.env.N8N_VERSION): N8nVersion {
	const number = name || DEFAULT_VERSION;
	const version = Object.hasOwn(VERSIONS, number) ? VERSIONS[number] : undefined;
	if (!version) {
		const numbers = Object.keys(VERSIONS).join(', ');
		throw new Error(`N8N_VERSION must be one of ${numbers}, not ${number}.`);
	}
	return { number, ...version };
}
