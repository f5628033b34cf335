#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A changed password ends the sessions that were opened with the old one: all
# but the one that changed it, or all when an administrator has set it.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $admin = $t->admin;
my $agent = $t->operator;

my $old = $agent->password;
my $new = 'a password with é and 😀';

my @others = map {
    Chat::Operator->new(chat => $t, login => $agent->login, password => $old)
        ->log_in;
} 1 .. 3;

my $stream = $others[0]->stream;

# every worker knows them by now

for my $other (@others) {
    my %codes = map { $_->code => 1 }
                $other->all(map { $other->get_p('operator/conversations') }
                            1 .. 16);

    is_deeply([keys %codes], [200], 'known');
}

# not without the current one, nor with one that is too short

my $wrong = change($agent, 'not the password', $new);

is($wrong->code, 401, 'not without the current one');
is($wrong->json->{type}, 'urn:ngx-chat:credentials', 'and is told so');
is($agent->who_am_i->code, 200, 'which ends nothing');

for my $short ('', 'nine char', 'é' x 9, 'x' x 201) {
    my $res = change($agent, $old, $short);

    is($res->code, 422, 'too short or too long: ' . length $short);
    is($res->json->{field}, 'password', 'the field is named');
}

unlike($t->log, qr/nine char|not the password/, 'no password in the log');

# the change

is(change($agent, $old, $new)->code, 204, 'changed');
is($agent->who_am_i->code, 200, 'one\'s own session goes on');

for my $other (@others) {
    my %codes = map { $_->code => 1 }
                $other->all(map { $other->get_p('operator/conversations') }
                            1 .. 16);

    is_deeply([keys %codes], [401], 'another one is over, in every worker');
}

ok($stream->wait_over(10), 'and its stream ends');

is(log_in($old)->code, 401, 'the old password is nothing');
is(log_in($new)->code, 201, 'the new one is');

# exactly as long as may be

is(change($agent, $new, 'é' x 10)->code, 204, 'ten characters');
is(change($agent, 'é' x 10, 'x' x 200)->code, 204, 'two hundred');
is(log_in('x' x 200)->code, 201, 'all of them');
is(log_in('x' x 199)->code, 401, 'every one counts');

# by an administrator

my $path = 'admin/operators/' . $agent->id . '/password';

is($admin->put($path, { password => 'short' })->code, 422, 'too short');
is($agent->who_am_i->code, 200, 'changes nothing');
is($admin->put($path, { password => 'set by Ada, change it' })->code, 204,
   'set by an administrator');
is($agent->who_am_i->code, 401, 'all sessions of the account are over');
is(log_in('set by Ada, change it')->code, 201, 'it is the new one');
is($admin->who_am_i->code, 200, 'the administrator\'s goes on');

is($admin->put('admin/operators/9999/password',
               { password => 'for nobody at all' })->code, 404,
   'no such account');

# an administrator's own needs the current one: a session that was left open
# is not enough

my $own = $admin->put('admin/operators/' . $admin->id . '/password',
                      { password => 'battery horse correct' });

is($own->code, 401, 'one\'s own only with the current one');
is($own->json->{type}, 'urn:ngx-chat:credentials', 'and is told so');
is($admin->who_am_i->code, 200, 'so nothing has changed');

$t->done;


sub change ($who, $current, $password) {
    return $who->put('operator/password',
                     { current => $current, password => $password });
}


sub log_in ($password) {
    return $t->browser->post('operator/session',
        { login => $agent->login, password => $password });
}
