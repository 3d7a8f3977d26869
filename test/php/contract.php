<?php
// What the package makes of a body, in PHP: the items of the tree that parse_str reads. Custom fields by name are left out.

function typed(array $tree)
{
	$result = [];
	foreach ($tree as $name => $value) {
		if (in_array($name, ['__proto__', 'constructor', 'prototype'], true)) {
			continue;
		}
		$isId = $name === 'id' || str_ends_with((string) $name, '_id');
		if (is_array($value)) {
			$result[$name] = typed($value);
		} elseif ($isId && preg_match('/^(0|-?[1-9]\d*)$/D', $value) && abs((float) $value) <= 9007199254740991) {
			$result[$name] = (int) $value;
		} else {
			$result[$name] = $value;
		}
	}
	// A list stays one, and a map stays one when it has lost a key.
	return array_is_list($tree) && $tree ? array_values($result) : (object) $result;
}

/** Whether it is a list, or a map of indices */
function areIndexed($records): bool
{
	return is_array($records) && !array_filter(array_keys($records), fn ($key) => !preg_match('/^\d+$/D', (string) $key));
}

/** A record may be a list of records itself. */
function recordsOf(array $records): array
{
	return array_merge(...array_map(fn ($record) => areIndexed($record) ? recordsOf($record) : [$record], array_values($records)));
}

/** What is added without an entity is a message or the review of a template, in the place where it stands. */
function named(array $tree): array
{
	$result = [];
	foreach ($tree as $name => $value) {
		$record = is_array($value) && is_array($value[0] ?? null) ? $value[0] : [];
		$entity = match (true) {
			$name !== 'add' => null,
			isset($record['chat_id']) || isset($record['talk_id']) => 'message',
			isset($record['is_on_review']) || isset($record['reviews']) => 'chat_template_review',
			default => null,
		};
		$result[$entity ?? $name] = $entity ? ['add' => $value] : $value;
	}
	return $result;
}

function items(array $tree): ?array
{
	$isName = fn ($key) => preg_match('/^[a-z][\w-]*$/iD', (string) $key) && !in_array($key, ['constructor', 'prototype'], true);
	$items = null;
	foreach (named($tree) as $entity => $actions) {
		if ($entity === 'account' || !is_array($actions) || !$isName($entity)) {
			continue;
		}
		foreach ($actions as $event => $records) {
			if (!$isName($event)) {
				continue;
			}
			$items ??= [];
			foreach (areIndexed($records) ? recordsOf($records) : [$records] as $record) {
				if ($record === '') {
					continue;
				}
				$fields = (array) typed(is_array($record) ? $record : ['id' => $record]);
				$item = ['event' => $event, 'entity' => $entity];
				foreach ($fields as $name => $value) {
					if (in_array($name, ['event', 'entity', 'account', 'fields'], true)) {
						do {
							$name = "record_$name";
						} while (array_key_exists($name, $fields));
					}
					$item[$name] = $value;
				}
				if (array_key_exists('account', $tree)) {
					$item['account'] = is_array($tree['account']) ? typed($tree['account']) : $tree['account'];
				}
				$items[] = (object) $item;
			}
		}
	}
	return $items;
}
