import { readEvents } from '../../nodes/shared/decoding/payload';
import { makeBody } from '../../scripts/kommo/body';
import { SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { DEMO_URL } from '../../scripts/n8n/demo';
import { readArguments, UsageError } from '../../scripts/simulate/arguments';
import { HELP } from '../../scripts/simulate/help';

const read = (line: string, env = {}) => readArguments(line ? line.split(' ') : [], env);
const requestsOf = (line: string) =>
	read(line)?.requests.map(({ event, id }) => `${event.name} ${id}`);

describe('the command line of simulate', () => {
	test('needs no more than an event', () => {
		expect(read('status')).toMatchObject({ url: DEMO_URL, rate: 5, records: 1 });
		expect(requestsOf('status')).toEqual(['status 4831596']);
	});

	test('takes all options, with a space or with =', () => {
		const url = 'https://n8n.example.com/webhook/1b2c/kommo?token=correct-horse-battery';
		const line = `--url ${url} status chat --id=100 --count 2 --rate 20 --records 10`;
		expect(read(line)).toMatchObject({ url, rate: 20, records: 10 });
		expect(requestsOf(line)).toEqual(['status 100', 'chat 100', 'status 110', 'chat 110']);
	});

	test('puts the records into a stage of a pipeline, those that have one', () => {
		const { requests = [], fields } = read('status period --stage 142 --pipeline 7') ?? {};
		const bodies = requests.map(({ event, id }) => makeBody(event, { id, fields }));
		expect(readEvents(bodies[0]!)).toEqual([
			expect.objectContaining({ status_id: 142, pipeline_id: 7, old_status_id: 16203334 }),
		]);
		expect(bodies[1]).not.toContain('142');
	});

	test('takes each event once, and all of them', () => {
		expect(requestsOf('chat customers.chat leads.chat')).toEqual([
			'chat 4831596',
			'customers.chat 91730',
		]);
		expect(requestsOf('all')).toHaveLength(SIMULATED_EVENTS.length);
	});

	test('takes an account-wide event by its name or by the code that Kommo has for it', () => {
		const [id, url] = [4831596, 'https://n8n.example.com/webhook/1b2c/kommo?token=0a1b'];
		expect(requestsOf('add_message message.add')).toEqual([`message.add ${id}`]);
		expect(requestsOf('note_company --id 7')).toEqual(['companies.note 7']);
		expect(read(`add_message --url ${url}`)).toMatchObject({ url });
	});

	test.each(['--help', '-h', 'nonsense --count x --help'])('gives help for "%s"', (line) => {
		expect(read(line)).toBeUndefined();
	});

	test.each([
		['', /Name an event.*npm run simulate -- status/],
		['statsu', /no event "statsu".*status, add, .*contacts\.update.*all/],
		['status --token x', /'--token'/],
		['status --count', /'--count <number>'/],
		['status --stage won', /--stage must be a whole number.*"won"/],
		['period message.add --pipeline 7', /No record of period has a pipeline/],
		['status --url localhost:5678/webhook/x', /http:\/\/ or https:\/\/.*"localhost:5678/],
		['status --url http://', /http:\/\/ or https:\/\//],
		['status --count 0', /--count must be a whole number from 1 to 100000, not "0"/],
		['status --count 1.5', /--count must be a whole number.*"1\.5"/],
		['status --rate many', /--rate must be a whole number.*"many"/],
		['status --id=', /--id must be a whole number/],
		['status --id 9007199254740993', /--id must be a whole number/],
	])('says what is wrong with "%s"', (line, message) => {
		expect(() => read(line)).toThrow(UsageError);
		expect(() => read(line)).toThrow(message);
	});

	test('notices options that npm kept because -- was forgotten', () => {
		const env = { npm_lifecycle_event: 'simulate', npm_config_count: '5' };
		expect(() => read('status', env)).toThrow(/npm took --count.*simulate -- status --count/);
		expect(read('status --rate 2', env)).toMatchObject({ rate: 2 });
		expect(read('status', { npm_lifecycle_event: 'simulate' })).toBeDefined();
	});

	test('is in the help, with every event', () => {
		for (const { name, action, source } of SIMULATED_EVENTS) {
			const [entity] = name.split('.');
			const line =
				source === 'pipeline'
					? `  (${name} |Of a customer.* ${name}\\b)`
					: `  ${entity} .*\\b${action}\\b`;
			expect(HELP).toMatch(new RegExp(`^${line}`, 'm'));
		}
		const options = ['--url', '--id=1', '--count=1', '--rate=1', '--records=1', '--stage=1'];
		options.push('--pipeline=1');
		expect(HELP.match(/--\w+(?= <)/g)).toEqual(options.map((option) => option.split('=')[0]));
		expect(read(`status ${options.slice(1).join(' ')}`)).toBeDefined();
	});
});
