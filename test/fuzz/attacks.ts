export const repeat = (size: number, make: (index: number) => string, separator = '&') => {
	const parts: string[] = [];
	for (let length = 0; length < size; length += parts.at(-1)!.length + 1)
		parts.push(make(parts.length));
	return parts.join(separator);
};
const oneRecord = (field: string) => `{"leads":{"add":[{"a":${field}}]}}`;
const longKey = (index: number) => index.toString(36).padEnd(9, '_');
const longPath = 'a'.repeat(16_400);

/** Bodies of about this size, in bytes. Each tries to cost more than its size. */
export const ATTACKS: Array<[string, (size: number) => string | Buffer]> = [
	['many pairs', (size) => 'a&'.repeat(size / 2)],
	['many records', (size) => repeat(size, (index) => `leads[status][${index}][id]=${index}`)],
	['many equal names', (size) => repeat(size, () => 'leads[add][0][id]=1')],
	['many empty brackets', (size) => repeat(size, () => 'leads[add][][id]=1')],
	['one long name', (size) => `leads[${'a'.repeat(size)}]=1`],
	['one long value', (size) => `leads[add][0][text]=${'%41'.repeat(size / 3)}`],
	['broken escapes', (size) => `leads[add][0][text]=${'%zz'.repeat(size / 3)}`],
	['many names and values with broken escapes', (size) => repeat(size, () => '%f=%f')],
	[
		'many fields with broken escapes',
		(size) => repeat(size, (index) => `leads[add][0][%f${index}]=%f`),
	],
	['bytes that are no UTF-8', (size) => Buffer.alloc(size, 0xff)],
	[
		'percent-encoded bytes that are no UTF-8',
		(size) => `leads[add][0][text]=${'%ff'.repeat(size / 3)}`,
	],
	['nesting without end', (size) => `leads${'[a]'.repeat(size / 3)}=1`],
	['opening brackets', (size) => 'leads' + '['.repeat(size)],
	['closing brackets', (size) => 'leads[add]' + ']'.repeat(size)],
	['deep names', (size) => repeat(size, (index) => `leads[${index}]${'[0]'.repeat(62)}=1`)],
	[
		'long names of one length',
		(size) => repeat(size, (index) => `${longPath}${1e6 + index}[0][][id]=1`),
	],
	['huge indices', (size) => repeat(size, (index) => `leads[add][${1e15 + index}][]=1`)],
	[
		'values and containers in turn',
		(size) => repeat(size, (index) => (index % 2 ? 'a[b]=1' : 'a=1')),
	],
	['a deep JSON list', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
	['deep JSON maps', (size) => '{"leads":'.repeat(size / 10) + '1' + '}'.repeat(size / 10)],
	[
		'one long subdomain for many records',
		(size) =>
			`account[subdomain]=${'a'.repeat(size / 2)}&${repeat(size / 2, () => 'leads[chat][]=1')}`,
	],
	[
		'a deep JSON list of a long number',
		(size) => '['.repeat(size / 2) + '1234567890123456' + ']'.repeat(size / 2),
	],
	['a wide JSON list', (size) => `{"leads":{"add":[${'1,'.repeat(size / 2)}1]}}`],
	['a JSON text that is never closed', (size) => `{"${'\\"'.repeat(size / 2)} 1234567890123456`],
	[
		'a JSON text of escapes',
		(size) => `{"leads":{"add":[{"text":"${'\\"'.repeat(size / 2)}","a":1234567890123456}]}}`,
	],
	['quotes and backslashes', (size) => `{${'"\\'.repeat(size / 2)}`],
	['a JSON list that is never closed', (size) => '['.repeat(size)],
	['JSON maps that are never closed', (size) => '{"":'.repeat(size / 4)],
	[
		'60 JSON lists around many numbers',
		(size) => `{"leads":{"add":${'['.repeat(60)}${'1,'.repeat(size / 2)}1${']'.repeat(60)}}}`,
	],
	['empty JSON maps', (size) => oneRecord(`[${'{},'.repeat(size / 3)}1]`)],
	['empty JSON lists', (size) => oneRecord(`[${'[],'.repeat(size / 3)}1]`)],
	['JSON numbers', (size) => oneRecord(`[${'1.5,'.repeat(size / 4)}1]`)],
	[
		'JSON maps with a hole',
		(size) => oneRecord(`[${repeat(size, () => '{"322":0,"abcdefgh":1}', ',')}]`),
	],
	[
		'JSON maps of different keys',
		(size) => oneRecord(`[${repeat(size, (index) => `{"${longKey(index)}":0}`, ',')}]`),
	],
	[
		'one JSON map of many keys',
		(size) => oneRecord(`{${repeat(size, (index) => `"${longKey(index)}":0`, ',')}}`),
	],
	[
		'a JSON record of many fields',
		(size) =>
			`{"leads":{"add":[{"event":1,${repeat(size, (index) => `"${longKey(index)}":0`, ',')}}]}}`,
	],
	[
		'a prototype key among many',
		(size) => oneRecord(`{"__proto__":1,${repeat(size, (index) => `"${longKey(index)}":0`, ',')}}`),
	],
	['many JSON entities', (size) => `{${repeat(size, (index) => `"a${index}":{"b":0}`, ',')}}`],
	['one long JSON number', (size) => oneRecord('9'.repeat(size))],
	['one long id', (size) => `leads[add][0][id]=${'9'.repeat(size)}`],
	[
		"JSON with a form's names as keys",
		(size) => `{${repeat(size, (index) => `"leads[add][0][${longKey(index)}]":0`, ',')}}`,
	],
	[
		'a record of many fields',
		(size) => repeat(size, (index) => `leads[add][0][${longKey(index)}]=1`),
	],
	['many entities', (size) => repeat(size, (index) => `a${index}[b]=a long value, but not very`)],
	['empty brackets in brackets', (size) => repeat(size, () => `leads[add][0]${'[]'.repeat(60)}=1`)],
	['short names in brackets', (size) => repeat(size, () => 'a[b]')],
	['pluses', (size) => `leads[add][0][text]=${'+'.repeat(size)}`],
	['text that is not encoded', (size) => `leads[add][0][text]=${'aя'.repeat(size / 3)}`],
	['NUL in names', (size) => repeat(size, (index) => `a%00${index}`)],
	['negative indices', (size) => repeat(size, (index) => `a[b][-${index}]=1&a[b][]=1`)],
	[
		'JSON with many long numbers',
		(size) => `{"leads":{"add":[${'12345678901234567890,'.repeat(size / 21)}1]}}`,
	],
];
