import { chooseVersion } from '../../scripts/n8n/versions';

describe('the version of n8n', () => {
	it('is the newest tested one when none is named', () => {
		expect(chooseVersion('').number).toBe('2.41.1');
	});

	it.each(['2.41.1', '1.123.81'])('is %s when that is named', (number) => {
		expect(chooseVersion(number).number).toBe(number);
	});

	it.each(['1.123', 'latest', 'toString'])(
		'cannot be "%s", and the error lists those that it can be',
		(number) => {
			expect(() => chooseVersion(number)).toThrow(
				`N8N_VERSION must be one of 2.41.1, 1.123.81, not ${number}.`,
			);
		},
	);
});
