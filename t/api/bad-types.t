#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Every field of every body that docs/api.yaml describes is tried with values
# of other types, beyond its limits, and missing: 422 with the field's name.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $id = $visitor->conversation;
my $contract = OpenAPI->contract;
my $events = counted();

# a value that each schema allows, to change one field of

my %fine = (
    client_id => 'a-client-id', text => 'hello', locale => 'fr-CA',
    page => { url => 'https://shop.example/', title => 'Shop' },
    typing => \1, up_to => 1, code => 'a code', login => 'a.login',
    name => 'A Name', password => 'a long password', current => 'a password',
    status => 'away', force => \0, role => 'agent', disabled => \0,
    conversation => 1, network => '203.0.113.1', mode => 'ghost',
    reason => 'a reason', expires_in => 60,
    url => 'https://shop.example/', title => 'Shop',
    email => 'a@b.example', facts => 'plan=gold',
    trigger => 1, outcome => 'shown', conditions => [], match => 'all',
    enabled => \1, attended => \1, deleted => \0, position => 1, share => 50,
    sender => 'Zoe', delay => 1, quiet_days => 7,
    ask => 'never', link => '/privacy', fields => [], answers => [],
    action => 'refuse', list => 'a word',
    identity => { id => '7', signature => '0' x 64 },
    texts => {}, en => {}, fr => {}, de => {}, intro => 'Hello', privacy => 'Hush',
    hours => { days => [1], from => '09:00', to => '18:00' },
);

my %wrong_type = (
    string => [undef, \1, 1, 1.5, [], ['hello'], {}],
    boolean => [undef, 'true', '', 0, 1, [], {}],
    integer => [undef, '1', \1, 1.5, 1e30, [], {}],
    object => [undef, 'x', 1, \0, [], [{}]],
    array => [undef, 'x', 1, \0, {}],
);

my $tried = 0;

for my $path ($contract->paths) {
    my $item = $contract->{doc}{paths}{$path};

    for my $method (grep { $item->{$_}{requestBody} } sort keys %$item) {
        my $schema = $contract->_deref($item->{$method}{requestBody})
            ->{content}{'application/json'}{schema};

        $schema = $contract->_deref($schema);

        my %body = map { $_ => $fine{$_} // die "no value for $_" }
                   keys %{ $schema->{properties} };
        my @failed;

        for my $case (cases($schema, \%body)) {
            my ($field, $what, $json) = @$case;
            my $res = try($method, $path, $json);

            push @failed, "$field: $what: " . $res->code . ' ' . $res->body
                if $res->code != 422 || $res->json->{field} ne $field
                   || $res->json->{type} ne 'urn:ngx-chat:field'
                   || ($res->json->{detail} // '') eq '';
            $tried++;
        }

        is_deeply(\@failed, [], "$method $path: $tried so far");
    }
}

cmp_ok($tried, '>', 300, 'that was a lot');
is(counted(), $events, 'and none of it had an effect');

$t->done;


# [field, what is wrong, the whole body]

sub cases ($schema, $body, $prefix = '') {
    my (@cases, %required);

    $required{$_} = 1 for @{ $schema->{required} // [] };

    for my $name (sort keys %{ $schema->{properties} }) {
        my $field = $contract->_deref($schema->{properties}{$name});
        my $path = "$prefix$name";

        my $with = sub ($what, $value) {
            push @cases, [$path, $what, { %$body, $name => $value }];
        };

        if ($required{$name}) {
            my %without = %$body;
            delete $without{$name};
            push @cases, [$path, 'missing', \%without];
        }

        my $type = $field->{type} // 'string';

        $with->('type', $_) for @{ $wrong_type{$type} };

        $with->('short', 'x' x ($field->{minLength} - 1))
            if $field->{minLength};
        $with->('long', 'x' x ($field->{maxLength} + 1))
            if $field->{maxLength};
        $with->('few', $field->{minimum} - 1) if defined $field->{minimum};
        $with->('other', 'other') if $field->{enum};
        $with->('case', uc $field->{enum}[0]) if $field->{enum};
        if (my $pattern = $field->{pattern}) {
            $with->('pattern', $_)
                for grep { !/$pattern/ || /\n/ }
                    '', ' ', 'é€', 'a b c d e f', "aaaaaaaa\n", 'x' x 65,
                    'aaaaaaa', 'aaaaaaaa/', 'aaaaaaaa.', "aaaa\t", 'a';
        }

        if ($type eq 'object') {
            push @cases,
                map { [$_->[0], $_->[1], { %$body, $name => $_->[2] }] }
                cases($field, $body->{$name} // {}, "$path.");
        }
    }

    return @cases;
}


# The right person asks.

sub try ($method, $path, $json) {
    my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;
    my $who = $path =~ m{^/visitor/} ? $visitor : $admin;

    return $who->request(uc $method, $concrete, json => $json);
}


sub counted {
    return ($t->rows('SELECT (SELECT count(*) FROM event) + 1000'
                     . ' * (SELECT count(*) FROM audit) AS n'))[0]{n};
}
