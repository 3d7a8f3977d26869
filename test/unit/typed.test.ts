import { isTyped } from '../../nodes/KommoChat/typed';

describe("a tool's parameter that decides whom it writes to", () => {
	test.each([
		undefined,
		'',
		7,
		'7',
		'leads',
		"={{ $('Get unanswered messages').first().json.talk_id }}",
		'={{ $("Get Unanswered").first().json.talk_id }}',
		'={{ $("Bob\'s messages (1)").first().json.talk_id }}',
		"={{$('Кто пишет').first().json['talk_id']}}",
		'={{ $("Get").first().json.contact["lead ids"][0].id }} ',
		"={{\n$('Get').first().json.talk_id\n}}",
	])('may be a constant or of the first item of a node: %j', (parameter) => {
		expect(isTyped(parameter)).toBe(true);
	});

	test.each([
		// What the model has written, under the many names that n8n gives it
		'={{ $json.talk_id }}',
		'={{ $thisItem.json.talk_id }}',
		'={{ $("Agent")["item"].json.talk_id }}',
		"={{ $('Agent').item.json.talk_id }}",
		"={{ $('Agent').itemMatching(0).json.talk_id }}",
		'={{ $parameter.text }}',
		'={{ $items()[0].json.talk_id }}',
		'={{ $items("Agent")[0].json.talk_id }}',
		'={{ $input.first().json.talk_id }}',
		'={{ $node["Agent"].json.talk_id }}',
		'={{ $tool.parameters.talk_id }}',
		"={{ $fromAI('talk_id', 'The talk', 'number') }}",
		'={{ this["$" + "json"].talk_id }}',
		'={{ $evaluateExpression("{{ $js" + "on.talk_id }}") }}',
		'={{ $jmespath($prevNode, "x") }}',
		// The first item of a node, and more
		"={{ $('Get').first().json.talk_id }}{{ $json.talk_id }}",
		"={{ $json.talk_id }}={{ $('Get').first().json.talk_id }}",
		"=1{{ $('Get').first().json.talk_id }}",
		"={{ $('Get').first().json.talk_id || $json.talk_id }}",
		"={{ $('Get').first().json[$json.key] }}",
		"={{ $('Get').first().json['a' + $json.key + 'b'] }}",
		"={{ $('Get' + $json.name + '').first().json.talk_id }}",
		"={{ $('Get', $json.name).first().json.talk_id }}",
		"={{ $('Get').first($json.branch).json.talk_id }}",
		"={{ $('Get').first(0, $runIndex).json.talk_id }}",
		"={{ $('Get').first().json.talk_id.replace('7', $json.talk_id) }}",
		"={{ $('Get').first().json.talk_id; $json.talk_id }}",
		"={{ $('Get\\').first().json.a }}{{ $json['x').first().json.talk_id }}",
		"={{ $('a }}{{ $json.talk_id }}{{ b').first().json.talk_id }}",
		"={{ $('Get').last().json.talk_id }}",
		"={{ $('Get').first().binary.data }}",
		"={{ $('Get').first().pairedItem }}",
		"={{ $('Get').first().json }}",
		'={{ $(`Get${$json.name}`).first().json.talk_id }}',
		'=7',
		['={{ $json.talk_id }}'],
		{ __rl: true, mode: 'id', value: '={{ $json.talk_id }}' },
	])('is not any other expression: %j', (parameter) => {
		expect(isTyped(parameter)).toBe(false);
	});
});
