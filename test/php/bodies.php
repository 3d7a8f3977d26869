<?php
// Prints bodies that http_build_query writes, each with the items that PHP reads from it.
// Usage: php -d max_input_vars=1000000 bodies.php SEED COUNT
// A line is a JSON list: the body, and its items, or null where it is no webhook of Kommo.

require __DIR__ . '/contract.php';

[, $seed, $count] = array_map('intval', $argv);
mt_srand($seed);

function pick(array $choices)
{
	return $choices[mt_rand(0, count($choices) - 1)];
}

function text(): string
{
	$pieces = ['a', 'Z', '0', '7', ' ', '+', '%', '%zz', '&', '=', '[', ']', '.', '_', '-', '"', "\n", "\t", 'é', '日', '😀', "\xff", "\u{a0}"];
	return implode('', array_map(fn () => pick($pieces), range(0, mt_rand(0, 8))));
}

function fieldName()
{
	return match (mt_rand(0, 9)) {
		0, 1 => pick(['id', 'status_id', 'pipeline_id', '_id', 'account_id']),
		2 => pick(['event', 'entity', 'account', 'fields', 'ID', 'price', 'text']),
		3 => pick(['__proto__', 'constructor', 'prototype', 'toString', 'length']),
		4 => mt_rand(0, 4),
		5 => mt_rand(-2, PHP_INT_MAX >> mt_rand(0, 50)),
		6 => pick(['00', '1.5', 'NaN', '', '9007199254740993', '-0', '1e3']),
		default => str_replace("\0", '', text()),
	};
}

function leaf()
{
	return match (mt_rand(0, 7)) {
		0, 1 => mt_rand(),
		2 => pick(['007', '9007199254740991', '9007199254740992', '-5', '-0', '1.0', '1e3', ' 1', '']),
		3 => pick([true, false, null]),
		4 => mt_rand() / 7,
		default => text(),
	};
}

function value(int $depth)
{
	if ($depth === 0 || mt_rand(0, 2) > 0) {
		return leaf();
	}
	$size = mt_rand(0, 4);
	if (mt_rand(0, 1)) {
		return $size ? array_map(fn () => value($depth - 1), range(1, $size)) : [];
	}
	$map = [];
	for ($i = 0; $i < $size; $i++) {
		$map[fieldName()] = value($depth - 1);
	}
	return $map;
}

function record(): array
{
	$record = [];
	for ($i = mt_rand(1, 5); $i > 0; $i--) {
		$record[fieldName()] = value(5);
	}
	return $record;
}

function records()
{
	switch (mt_rand(0, 6)) {
		case 0: // a map of indices with holes, in any order
			$records = [];
			for ($i = mt_rand(1, 4); $i > 0; $i--) {
				$records[mt_rand(0, 20)] = record();
			}
			return $records;
		case 1:
			return record();
		case 2:
			return [mt_rand(1, 100)];
		case 3:
			return leaf();
		case 4:
			return [[record(), record()], record()];
		default:
			return array_map(fn () => record(), range(1, mt_rand(1, 4)));
	}
}

function payload(): array
{
	$payload = [];
	for ($i = mt_rand(1, 3); $i > 0; $i--) {
		$entity = pick(['leads', 'customers', 'contacts', 'talk', 'message', 'a.b', 'constructor', text()]);
		$payload[$entity] = mt_rand(0, 8) ? [pick(['status', 'add', 'mail_in', 'chat', 'update', 'note', text()]) => records()] : leaf();
	}
	if (mt_rand(0, 3)) {
		$payload['account'] = mt_rand(0, 8) ? ['id' => mt_rand(), 'subdomain' => 'acme'] : leaf();
	}
	return $payload;
}

for ($i = 0; $i < $count; $i++) {
	$body = http_build_query(payload());
	$tree = [];
	parse_str($body, $tree);
	echo json_encode([$body, items($tree)], JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR), "\n";
}
