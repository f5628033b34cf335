#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A body that is no JSON object, on every route that reads one, is 400 with a
# reason, and has no effect.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $id = $visitor->conversation;
my $contract = OpenAPI->contract;

my %bad = (
    'nothing' => '',
    'white space' => " \n",
    'not JSON' => 'hello',
    'cut' => '{"text":"a"',
    'cut in a string' => '{"text":"a',
    'more behind' => '{} {}',
    'a comma too many' => '{"a":1,}',
    'a comment' => '{/* a */}',
    'single quotes' => "{'a':1}",
    'a number that is none' => '{"a":01}',
    'not a number' => '{"a":NaN}',
    'an array' => '[]',
    'a string' => '"text"',
    'null' => 'null',
    'a number' => '1',
    'a byte order mark' => "\xef\xbb\xbf{}",
    'UTF-16' => "\xfe\xff\0{\0}",
    'invalid UTF-8' => qq({"unknown":"\xff"}),
    'a NUL' => qq({"unknown":"\\u0000"}),
    'half a surrogate pair' => '{"unknown":"\ud800"}',
    'a key that stands twice' => '{"text":"a","text":"b"}',
    'an unknown key twice' => '{"unknown":1,"unknown":1}',
    'a key twice, spelt otherwise' => '{"text":"a","te\u0078t":"b"}',
    'a key twice, inside' => '{"page":{"url":"/","url":"/"}}',
    'nested' => '{"a":' x 17 . '1' . '}' x 17,
    'nested deeply' => '[' x 30000 . ']' x 30000,
    'nested without end' => '[' x 60000,
    'too many values' => '{"a":[' . join(',', (1) x 20000) . ']}',
    'too many keys' => '{' . join(',', map qq("k$_":1), 1 .. 3000) . '}',
);

my $before = state_of();

for my $path ($contract->paths) {
    my $item = $contract->{doc}{paths}{$path};

    for my $method (grep { $item->{$_}{requestBody} } sort keys %$item) {
        my $who = $path =~ m{^/visitor/} ? $visitor : $admin;
        my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;

        # some need no body at all

        my $optional = !body_of($item->{$method})->{required};
        my @wrong;

        for my $what (sort keys %bad) {
            next if $optional && $what eq 'nothing';

            my $res = $who->request(uc $method, $concrete,
                body => $bad{$what},
                headers => { 'Content-Type' => 'application/json' });

            push @wrong, "$what: " . $res->code
                if $res->code != 400 || !$res->json->{detail}
                   || $res->json->{type} ne 'urn:ngx-chat:malformed';
        }

        is_deeply(\@wrong, [], "$method $path: " . keys(%bad) . ' bodies');
    }
}

is_deeply(state_of(), $before, 'nothing of it was done');

# what only looks strange

for my $body ('{}', " {\r\n\t} ", '{"a":' x 15 . '{}' . '}' x 15,
              '{"unknown":[null,true,1e999,-0.0,"",[]]}',
              '{"":1}', '{"locale":"d\u0065"}',
              '{"unknown":123456789012345678901234567890}')
{
    my $res = $visitor->request(POST => 'visitor/session', body => $body,
        headers => { 'Content-Type' => 'application/json' });

    is($res->code, 200, 'fine: ' . substr($body, 0, 30) =~ s/\s+/ /gr);
}

$t->done;


sub body_of ($operation) {
    return $contract->_deref($operation->{requestBody});
}


sub state_of {
    return [$t->rows('SELECT count(*), (SELECT count(*) FROM operator),'
                     . ' (SELECT count(*) FROM audit) FROM event'),
            $admin->conversation($id)->json];
}
