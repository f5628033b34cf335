#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What a page says of its visitor goes with the messages, to operators only;
# a browser can be told to forget who it is.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $operator = $t->operator;
my $visitor = $t->visitor;

sub known () {
    return $operator->get('operator/conversations/' . $visitor->conversation)
        ->json->{conversation}{visitor};
}

$visitor->say('hello');

is(known->{$_}, undef, "no $_ said") for qw(name email);
is_deeply(known->{facts}, [], 'no facts said');

my $sent = $visitor->say('again', name => 'Ada', email => 'ada@example.com',
                         facts => "plan=premium\nno sign\n=no name\na=b=c\nd=");

is($sent->code, 201, 'said');
unlike($sent->body, qr/ada\@example|premium/, 'visitors do not see it');
is(known->{name}, 'Ada', 'a name');
is(known->{email}, 'ada@example.com', 'an address');
is_deeply(known->{facts},
          [{ name => 'plan', value => 'premium' },
           { name => 'a', value => 'b=c' },
           { name => 'd', value => '' }],
          'facts are lines with a name');

$visitor->say('more', name => 'Grace');

is(known->{name}, 'Grace', 'the last word counts');
is(known->{email}, 'ada@example.com', 'what is not said stays');

my ($list) = grep { $_->{id} == $visitor->conversation }
    @{ $operator->get('operator/conversations')->json->{conversations} };

is($list->{visitor}{email}, 'ada@example.com', 'lists have it');

for my $bad ({ name => '' }, { name => "A\nB" }, { name => 'x' x 101 },
             { email => 5 }, { email => 'x' x 201 }, { facts => '  ' },
             { facts => 'x' x 5001 })
{
    my ($field) = %$bad;
    my $res = $visitor->say('bad', %$bad);

    is($res->code, 422, "$field is checked");
    is($res->json->{field}, $field, 'and named');
}

$t->stop;
$t->start;
is(known->{name}, 'Grace', 'it is stored');

# to forget

my $left = $visitor->request(DELETE => 'visitor/session');

is($left->code, 204, 'left');
is($left->headers->set_cookie,
   'chat_visitor=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
   'the browser forgets');
is($t->visitor->session->{conversation}, undef, 'somebody new');
is($t->browser->request(DELETE => 'visitor/session')->code, 204,
   'who is nobody may leave, too');

$t->done;
