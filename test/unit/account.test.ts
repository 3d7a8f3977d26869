import fc from 'fast-check';

import {
	ACCOUNT_HOST_EXPRESSION,
	SIGN_IN_HOST_EXPRESSION,
	toAccountHost,
	toSubdomain,
} from '../../nodes/shared/account';

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

describe('the expressions in the credentials', () => {
	const evaluate = (expression: string, account: string | undefined): unknown => {
		const code = expression.slice('{{'.length, -'}}'.length);
		return new Function('$self', `return ${code}`)({ account });
	};

	test.each([
		'acme',
		' https://ACME.amocrm.ru/leads ',
		'acme.amocrm.com',
		'acme.example.com',
		'',
		undefined,
	])('read %j as toAccountHost does', (account) => {
		const host = toAccountHost(account ?? '') ?? 'account-address-is-not-one-of-kommo.invalid';
		expect(evaluate(ACCOUNT_HOST_EXPRESSION, account)).toBe(host);
	});

	test.each([
		['acme', 'www.kommo.com'],
		['https://acme.amocrm.ru/leads', 'www.amocrm.ru'],
		['acme.example.com', 'www.kommo.com'],
	])('sign in for %s at %s', (account, host) => {
		expect(evaluate(SIGN_IN_HOST_EXPRESSION, account)).toBe(host);
	});
});
