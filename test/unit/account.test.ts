import fc from 'fast-check';

import { accountHost, SIGN_IN_HOST } from '../../credentials/sharedFields';
import { toAccountHost, toSubdomain, toSignInHost } from '../../credentials/accountAddress';

describe('toAccountHost', () => {
	test.each([
		['acme', 'acme.kommo.com'],
		['  ACME ', 'acme.kommo.com'],
		['acme.kommo.com', 'acme.kommo.com'],
		['https://acme.kommo.com/leads/', 'acme.kommo.com'],
		['http://acme.kommo.com?x=1#y', 'acme.kommo.com'],
		['my-shop2.amocrm.ru', 'my-shop2.amocrm.ru'],
		['https://acme.amocrm.com/settings/widgets/', 'acme.amocrm.com'],
	])('reads %s', (address, host) => {
		expect(toAccountHost(address)).toBe(host);
	});

	test.each([
		'',
		'acme.example.com',
		'acme.kommo.com.example.com',
		'kommo.com',
		'a.b.kommo.com',
		'https://acme.kommo.com@example.com/',
		'https://example.com/acme.kommo.com',
		'https://example.com\\.kommo.com',
		'acme.kommo.com:8080',
		'acme.kommo.community',
		'ftp://acme.kommo.com',
		'//example.com',
		'acme.kommo.com\nexample.com',
		'аcme.kommo.com',
	])('refuses %j', (address) => {
		expect(toAccountHost(address)).toBeUndefined();
	});

	test('gives a host of Kommo or nothing, and a URL to it goes nowhere else', () => {
		const part = fc.constantFrom(
			'acme',
			'.',
			'kommo.com',
			'/',
			'@',
			':',
			'https://',
			'\\',
			'#',
			'x',
		);
		fc.assert(
			fc.property(
				fc.array(part).map((parts) => parts.join('')),
				(address) => {
					const host = toAccountHost(address);
					if (host === undefined) return;
					expect(host).toMatch(/^[a-z0-9-]+\.(kommo\.com|amocrm\.com|amocrm\.ru)$/);
					expect(new URL(`https://${host}/api`).host).toBe(host);
				},
			),
		);
	});
});

test.each([
	['acme', 'acme'],
	['https://ACME.amocrm.ru/leads', 'acme'],
	[' Acme ', 'acme'],
	['', ''],
])('toSubdomain reads "%s"', (address, subdomain) => {
	expect(toSubdomain(address)).toBe(subdomain);
});

test.each([
	['acme.kommo.com', 'www.kommo.com'],
	['acme.amocrm.ru', 'www.amocrm.ru'],
	[undefined, 'www.kommo.com'],
])('the users of %s sign in at %s', (host, site) => {
	expect(toSignInHost(host)).toBe(site);
});

describe('the expressions in the credentials', () => {
	const evaluate = (expression: string, account: string | undefined): unknown => {
		const code = expression.slice('{{'.length, -'}}'.length);
		return new Function('$self', '$credentials', `return ${code}`)({ account }, { account });
	};

	test.each([' https://ACME.amocrm.ru/leads ', 'acme.example.com', '', undefined])(
		'read %j as the functions do that they are made of',
		(account) => {
			const host = toAccountHost(account ?? '');
			for (const fields of ['$self', '$credentials'] as const) {
				expect(evaluate(accountHost(fields), account)).toBe(
					host ?? 'account-address-is-not-one-of-kommo.invalid',
				);
			}
			expect(evaluate(SIGN_IN_HOST, account)).toBe(toSignInHost(host));
		},
	);
});
