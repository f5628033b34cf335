#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Every query parameter of docs/api.yaml, with values that it can't have: 422
# with its name.  An address may be long, but not without end.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $id = $visitor->conversation;
my $contract = OpenAPI->contract;
my $tried = 0;

for my $path ($contract->paths) {
    my $get = $contract->{doc}{paths}{$path}{get} or next;

    my @query = grep { $_->{in} eq 'query' }
                map { $contract->_deref($_) } @{ $get->{parameters} // [] };

    my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;
    my $who = $path =~ m{^/visitor/} ? $visitor : $admin;
    my %needed = map { $_->{name} => $_->{schema}{minimum} // 1 }
                 grep { $_->{required} } @query;

    # a poll that is right would wait

    $needed{wait} = 0 if grep { $_->{name} eq 'wait' } @query;

    for my $parameter (@query) {
        my ($name, $schema) = @$parameter{qw(name schema)};
        my @failed;

        my @values = $schema->{enum}
            ? ('', 'other', 'x' x 3000, uc "x$schema->{enum}[0]", '-1', '%00')
            : $schema->{type} eq 'string'
            ? ('x' x ($schema->{maxLength} + 1), "\x01", "a\nb")
            : ('', 'x', '-1', '+1', '1.5', '0x1', '1e3', ' 1', "1\n", '1%',
               '99999999999999999999', 'null', '1,2',
               ($schema->{minimum} ? '0' : ()),
               ($schema->{maximum} ? $schema->{maximum} + 1 : ()));

        for my $value (@values) {
            my $res = $who->get($concrete,
                                query => { %needed, $name => $value });

            push @failed, "\"$value\": " . $res->code
                if $res->code != 422 || $res->json->{field} ne $name;
            $tried++;
        }

        is_deeply(\@failed, [], "$path: $name");

        next if !$parameter->{required};

        my %without = %needed;
        delete $without{$name};

        is($who->get($concrete, query => \%without)->code, 422,
           "$path: without $name");
    }
}

cmp_ok($tried, '>', 100, 'that was a lot');

# the cursor of a stream comes in a header

for my $value ('x', '-1', '1.5', '99999999999999999999') {
    my $res = $visitor->get('visitor/events?after=0&wait=0',
                            headers => { 'Last-Event-ID' => $value });

    is($res->code, 422, "Last-Event-ID: $value");
}

is($visitor->get('visitor/events?after=0&wait=0',
                 headers => { 'Last-Event-ID' => '' })->code, 200,
   'an empty one is none');

# long

is($visitor->get('visitor/history?unknown=' . 'x' x 6000)->code, 200,
   'a long query');
is($visitor->get('visitor/history?unknown=' . 'x' x 60_000,
                 unjudged => 1)->code, 414, 'one that is too long');
is($visitor->get('visitor/' . 'x' x 6000)->code, 404, 'a long path');
is($visitor->get('visitor/' . 'x' x 60_000, unjudged => 1)->code, 414,
   'one that is too long');
is($visitor->get('visitor/history', headers => {
       Authorization => 'Bearer ' . 'x' x 7000,
   })->code, 401, 'a long token');
is($visitor->get('visitor/history', unjudged => 1, headers => {
       Cookie => 'chat_visitor=' . 'x' x 60_000,
   })->code, 400, 'a header that is too long');

$t->done;
