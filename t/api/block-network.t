#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Addresses and networks of both families are kept out of the chat, by the
# address that realip gives, and visitors at other addresses are not.  What a
# network may be, and who may block one.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;

        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;


# somebody at an address, whose chat is or is not there

sub at ($address) {
    my $res = $t->browser->post('visitor/session', {},
        headers => { 'X-Real-IP' => $address }, unjudged => 1);

    return $res->code // 'none';
}


sub block ($network, $mode = 'refuse', %more) {
    return $admin->post('operator/blocks',
                        { network => $network, mode => $mode, %more });
}


is(at('203.0.113.7'), 200, 'nobody is blocked');

my $res = block('203.0.113.77/24', 'refuse', reason => 'a flood');

is($res->code, 201, 'a network is blocked');
is($res->json->{block}{network}, '203.0.113.0/24', 'the network, not the host');
is($res->json->{block}{visitor}, undef, 'and no visitor');

is(at($_), 403, "$_ is in it")
    for '203.0.113.0', '203.0.113.255', '::ffff:203.0.113.9';
is(at($_), 200, "$_ is not")
    for '203.0.112.255', '203.0.114.0', '2001:db8::cb00:7107';

is(block('2001:db8:7::/48', 'close')->code, 201, 'one of IPv6');
is(at('2001:db8:7:ffff::1'), 'none', 'is closed');
is(at('2001:db8:8::1'), 200, 'and the next is not');

# of all that match the strictest acts, however they are nested

is(block('203.0.113.8', 'close')->code, 201, 'an address within, closed');
is(at('203.0.113.8'), 'none', 'the stricter one acts within');
is(at('203.0.113.9'), 403, 'beside it the network does');

is(block('203.0.113.9', 'ghost')->code, 201, 'an address within, a ghost');
is(at('203.0.113.9'), 403, 'the stricter one acts around');


# by an address a visitor is a ghost, too

my $ghost = $t->visitor;
is(block('198.51.100.4', 'ghost')->code, 201, 'an address of ghosts');

my $said = $ghost->post('visitor/messages',
    { client_id => 'from-there', text => 'boo' },
    headers => { 'X-Real-IP' => '198.51.100.4' });

is($said->code, 201, 'it is answered');
is(@{ $admin->conversations(state => 'all')->json->{conversations} }, 0,
   'and not heard');


# search, pages

my @all = map { $_->{network} }
    @{ $admin->get('operator/blocks')->json->{blocks} };

is_deeply(\@all, ['198.51.100.4', '203.0.113.9', '203.0.113.8',
                  '2001:db8:7::/48', '203.0.113.0/24'], 'newest first');

sub found ($text) {
    return join ' ', map { $_->{network} } @{
        $admin->get('operator/blocks', query => { search => $text })
            ->json->{blocks} };
}

is(found('203.0.113.'), '203.0.113.9 203.0.113.8 203.0.113.0/24',
   'found by network');
is(found('A FLOOD'), '203.0.113.0/24', 'by reason, in any case');
is(found('Ada'), join(' ', @all), 'by the one who made it');
is(found('%'), '', 'no sign has a meaning');
is(found('_'), '', 'nor this one');
is(found('!'), '', 'nor that one');

my $page = $admin->get('operator/blocks?limit=2')->json;
is(@{ $page->{blocks} }, 2, 'a page');
ok($page->{more}, 'there are more');

$page = $admin->get('operator/blocks',
    query => { limit => 10, before => $page->{blocks}[-1]{id} })->json;
is_deeply([map { $_->{network} } @{ $page->{blocks} }], [@all[2 .. 4]],
          'the rest');
ok(!$page->{more}, 'and no more');


# what is none, or too much

for my $case (
    [ {}, 'network', 'neither a network nor a conversation' ],
    [ { network => '203.0.113.1', conversation => 1 }, 'network', 'both' ],
    [ { network => '203.0.113.1/33' }, 'network', 'no such prefix' ],
    [ { network => 'example.com' }, 'network', 'a name' ],
    [ { network => '0.0.0.0/0' }, 'network', 'everybody' ],
    [ { network => '::/0' }, 'network', 'everybody, in IPv6' ],
    [ { network => '::ffff:0:0/96' }, 'network', 'all of IPv4' ],
    [ { network => '203.0.113.1', mode => 'gost' }, 'mode', 'no such mode' ],
    [ { network => '203.0.113.1', mode => "\0" }, undef, 'no mode at all' ],
    [ { network => '203.0.113.1', expires_in => 0 }, 'expires_in',
      'no time at all' ],
    [ { network => '203.0.113.1', reason => 'x' x 301 }, 'reason',
      'a long story' ],
)
{
    my ($body, $field, $name) = @$case;
    my $res = $admin->post('operator/blocks', { mode => 'refuse', %$body });

    is($res->code, defined $field ? 422 : 400, $name);
    is($res->json->{field}, $field, "$name: the field") if defined $field;
}

is($admin->post('operator/blocks', { network => '203.0.113.1' })->json->{field},
   'mode', 'the mode is required');
is($admin->get('operator/blocks', query => { search => 'x' x 101 })->code, 422,
   'a search that is too long');
is($admin->post('operator/blocks',
                { conversation => 12345, mode => 'ghost' })->code, 404,
   'no such conversation');


# a network is for supervisors

my $agent = $t->operator;
my $supervisor = $t->operator(role => 'supervisor');
my $network = { network => '192.0.2.0/24', mode => 'refuse' };

is($agent->post('operator/blocks', $network)->code, 403,
   'an agent blocks no network');

my $made = $supervisor->post('operator/blocks', $network);
is($made->code, 201, 'a supervisor does');

my $id = $made->json->{block}{id};

is($agent->delete("operator/blocks/$id")->code, 403, 'nor lifts one');
is(at('192.0.2.1'), 403, 'it stands');
is($supervisor->delete("operator/blocks/$id")->code, 200,
   'a supervisor lifts it');
is(at('192.0.2.1'), 200, 'it is gone');
is(@{ $agent->get('operator/blocks')->json->{blocks} }, 5,
   'an agent sees them all');


# whoever blocks too much can undo it

is(block('127.0.0.0/8')->code, 201, 'the operators themselves');
is($t->browser->post('visitor/session')->code, 403, 'no chat from here');
is($admin->get('operator/blocks')->code, 200, 'but the console works');

$t->done;
