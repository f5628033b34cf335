#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A zone that is too small says so: to the one who blocks, and once in the
# log.  What is lifted or has expired makes room.  What another process has
# committed acts soon, and a database that was put back is what counts.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_zone 1m;

    server {
        listen 127.0.0.1:%%PORT%%;

        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;

        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;

sub block ($network) {
    return $admin->post('operator/blocks',
                        { network => $network, mode => 'refuse' });
}

sub at ($address) {
    return $t->browser->post('visitor/session', {},
        headers => { 'X-Real-IP' => $address }, unjudged => 1)->code;
}


# rows as the module writes them, by somebody who does not tell it

sub commit ($n, $first = 1, $expires = 0) {
    my $db = DBI->connect('dbi:SQLite:' . $t->state_dir . '/chat.db', '', '',
                          { RaiseError => 1, AutoCommit => 0 });

    $db->sqlite_busy_timeout(5000);

    my ($changed) = $db->selectrow_array(
        'SELECT coalesce(max(changed), 0) FROM block');
    my $insert = $db->prepare('INSERT INTO block (changed, kind, mode, address,'
        . ' length, network, reason, author, created_at, expires_at, lifted_at)'
        . ' VALUES (?, 2, 2, ?, 128, ?, ?, 1, 1, ?, 0)');

    for my $i ($first .. $first + $n - 1) {
        my @octets = (10, $i >> 16 & 255, $i >> 8 & 255, $i & 255);

        $insert->bind_param(1, ++$changed);
        $insert->bind_param(2, pack('x10 n C4', 0xffff, @octets),
                            DBI::SQL_BLOB());
        $insert->bind_param(3, join '.', @octets);
        $insert->bind_param(4, '');
        $insert->bind_param(5, $expires);
        $insert->execute;
    }

    $db->commit;
    $db->disconnect;
}


my $room = $admin->get('operator/blocks')->json->{room};

cmp_ok($room, '>', 1000, "a small zone has room for $room");

is(block('203.0.113.1')->code, 201, 'one is blocked');

commit(3);
ok(wait_for(sub { at('10.0.0.3') == 403 }, 5), 'another process blocks');
is($admin->get('operator/blocks')->json->{room}, $room - 4, 'there is less room');

# as a backup does

my $early = $t->state_dir . '/early.db';

DBI->connect('dbi:SQLite:' . $t->state_dir . '/chat.db', '', '',
             { RaiseError => 1 })->do("VACUUM INTO '$early'");
chmod 0666, $early or die $!;

commit($room - 4, 4);
ok(wait_for(sub { $admin->get('operator/blocks')->json->{room} == 0 }, 10),
   'then none is left');

for (1 .. 2) {
    my $res = block('203.0.113.2');

    is($res->code, 507, 'no more can be blocked');
    is($res->json->{type}, 'urn:ngx-chat:blocks-full', 'the problem');
    like($res->json->{detail}, qr/"chat_zone" is too small/, 'the remedy');
}

is(scalar(() = $t->log =~ /the zone has room for $room blocks and no more/g),
   1, 'the log says it once');
is(at('203.0.113.2'), 200, 'nothing was done');
is(block('203.0.113.1')->code, 201, 'one that is there can be changed');

my ($newest) = @{ $admin->get('operator/blocks')->json->{blocks} };

is($admin->delete("operator/blocks/$newest->{id}")->code, 200, 'one is lifted');
is(block('203.0.113.2')->code, 201, 'which makes room');
is(at('203.0.113.2'), 403, 'and it acts');


# more than there is room for, at a start

$t->stop;
commit(10, 100_000);
commit(5, 200_000, 1);
$t->start;

ok($t->wait_for_log(qr/\[crit\].*no room for all blocks, only $room of them/),
   'some don\'t act, and the log says so');
is(at('10.0.0.1'), 403, 'the first ones do');
is($admin->get('operator/blocks')->code, 200, 'and all goes on');


# an older database, put back while all runs: what it has not is not blocked

rename $early, $t->state_dir . '/chat.db' or die $!;

ok(wait_for(sub { at('203.0.113.2') == 200 }, 10), 'a later one is not there');
ok(wait_for(sub { at('10.0.0.3') == 403 }, 5), 'an earlier one acts');
is(at('10.0.0.4'), 200, 'and no other');

$t->done;
