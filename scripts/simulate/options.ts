interface Option {
	/** What stands for the value in the help */
	value: string;
	description: string;
	default?: string | number;
}

interface NumberOption extends Option {
	min: number;
	max: number;
	/** Whether 0.5 is one too */
	hasFractions?: boolean;
}

/** In the order of the help */
export const OPTIONS = {
	url: {
		value: 'URL',
		description: "the trigger's Production URL or Test URL, with ?token=... if it wants one",
	},
	id: {
		value: 'number',
		description: 'id of the first lead, customer or contact; the next request has the next one',
		min: 1,
		max: 10 ** 15,
	},
	count: {
		value: 'number',
		description: 'requests of each event',
		default: 1,
		min: 1,
		max: 10 ** 6,
	},
	rate: {
		value: 'number',
		description: 'requests a second, sent on time whether or not earlier ones are answered',
		default: 5,
		min: 0.01,
		max: 10 ** 4,
		hasFractions: true,
	},
	records: {
		value: 'number',
		description: 'leads, customers or contacts in each request',
		default: 1,
		min: 1,
		max: 10 ** 5,
	},
	subdomain: { value: 'name', description: 'the Kommo account that sends', default: 'acme' },
	wait: {
		value: 'seconds',
		description: 'how long to wait for an answer; Kommo itself waits 2 seconds',
		default: 30,
		min: 0.1,
		max: 600,
		hasFractions: true,
	},
} as const satisfies Record<string, Option | NumberOption>;

export type OptionName = keyof typeof OPTIONS;

/** Those whose value is a number */
export type NumberName = {
	[Name in OptionName]: (typeof OPTIONS)[Name] extends NumberOption ? Name : never;
}[OptionName];

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** The range of an option, in the words of the help and of errors: `a whole number from 1 to 10` */
export function describeRange(name: NumberName): string {
	const { min, max, hasFractions }: NumberOption = OPTIONS[name];
	return `a ${hasFractions ? '' : 'whole '}number from ${min} to ${max}`;
}

/** @returns nothing when the text is no number of the option's range */
export function readNumber(name: NumberName, text: string): number | undefined {
	const { min, max, hasFractions }: NumberOption = OPTIONS[name];
	const number = Number(text);
	const isNumber = hasFractions ? /^\d*\.?\d+$/.test(text) : /^\d+$/.test(text);
	return isNumber && number >= min && number <= max ? number : undefined;
}
