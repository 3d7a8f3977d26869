import { DEMO_URL } from '../../scripts/n8n/demo';
import { readArguments, UsageError } from '../../scripts/simulate/arguments';
import { SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { writeHelp } from '../../scripts/simulate/help';
import { OPTION_NAMES } from '../../scripts/simulate/options';
import { listRequests } from '../../scripts/simulate/requests';

const read = (line: string, env = {}) => readArguments(line ? line.split(' ') : [], env);
const namesOf = (line: string) => read(line)?.events.map(({ name }) => name);

describe('the command line of simulate', () => {
	test('needs no more than an event', () => {
		expect(read('status')).toEqual({
			url: DEMO_URL,
			events: [expect.objectContaining({ name: 'status' })],
			id: undefined,
			count: 1,
			rate: 5,
			records: 1,
			subdomain: 'acme',
			wait: 30_000,
		});
	});

	test('takes all options, with a space or with =', () => {
		const url = 'https://n8n.example.com/webhook/1b2c/kommo?token=correct-horse-battery';
		expect(
			read(`--url ${url} chat --id=7 --count 3 --rate 0.5 --records 2 --subdomain x-1 --wait .5`),
		).toMatchObject({
			url,
			id: 7,
			count: 3,
			rate: 0.5,
			records: 2,
			subdomain: 'x-1',
			wait: 500,
		});
	});

	test('takes several events, each once, and all of them', () => {
		expect(namesOf('chat customers.chat leads.chat')).toEqual(['chat', 'customers.chat']);
		expect(namesOf('all')).toEqual(SIMULATED_EVENTS.map(({ name }) => name));
	});

	test.each(['--help', '-h', 'status --help', '--count x -h', 'nonsense --help'])(
		'gives help for "%s"',
		(line) => {
			expect(read(line)).toBeUndefined();
		},
	);

	test.each([
		['', /Name an event.*npm run simulate -- status/],
		['statsu', /no event "statsu".*status, add, .*contacts\.update.*all/],
		['status 5', /no event "5"/],
		['status http://x.y/z', /Put --url before the URL: --url http:\/\/x\.y\/z/],
		['status --token x', /no option --token\. There are --url, --id, .* and --help/],
		['status -u http://x.y', /no option -u/],
		['status --count', /--count needs a value/],
		['status --url=', /--url needs a value/],
		['status --url localhost:5678/webhook/x', /http:\/\/ or https:\/\/.*"localhost:5678/],
		['status --url ftp://x.y', /http:\/\/ or https:\/\/.*"ftp:/],
		['status --url nonsense', /http:\/\/ or https:\/\/.*"nonsense"/],
		['status --count 0', /--count must be a whole number from 1 to 1000000, not "0"/],
		['status --count 1.5', /--count must be a whole number.*"1\.5"/],
		['status --count -5', /--count must be a whole number.*"-5"/],
		['status --count 1e3', /--count must be a whole number.*"1e3"/],
		['status --count many', /--count must be a whole number.*"many"/],
		['status --rate 0', /--rate must be a number from 0\.01 to 10000, not "0"/],
		['status --rate Infinity', /--rate must be a number/],
		['status --id 9007199254740993', /--id must be a whole number/],
		['status --records 100001', /--records must be .* to 100000/],
		['status --wait 0', /--wait must be a number/],
		['status --subdomain acme.kommo.com', /--subdomain must be .* such as acme/],
	])('says what is wrong with "%s"', (line, message) => {
		expect(() => read(line)).toThrow(UsageError);
		expect(() => read(line)).toThrow(message);
	});

	test('notices options that npm kept because -- was forgotten', () => {
		const env = { npm_lifecycle_event: 'simulate', npm_config_count: '5' };
		expect(() => read('status', env)).toThrow(
			/npm took --count.*npm run simulate -- status --count/,
		);
		expect(read('status', { npm_lifecycle_event: 'simulate' })).toBeDefined();
		expect(read('status --count 2', env)).toMatchObject({ count: 2 });
		expect(
			read('status', { ...env, npm_config_count: undefined, npm_config_timeout: '60000' }),
		).toBeDefined();
	});

	test('gives each request of an event records of its own', () => {
		const list = (line: string) =>
			[...listRequests(read(line)!)].map(({ event, id }) => `${event.name} ${id}`);
		expect(list('status chat --count 2 --records 10 --id 100')).toEqual([
			'status 100',
			'chat 100',
			'status 110',
			'chat 110',
		]);
		expect(list('status contacts.add --count 2')).toEqual([
			'status 4831596',
			'contacts.add 7741820',
			'status 4831597',
			'contacts.add 7741821',
		]);
	});

	test('is in the help: every event, every option and the default URL', () => {
		const help = writeHelp();
		for (const { name, description } of SIMULATED_EVENTS) {
			expect(help).toContain(name);
			expect(help).toContain(description);
		}
		for (const name of OPTION_NAMES) expect(help).toContain(`--${name} <`);
		expect(help).toContain(DEMO_URL);
	});
});
