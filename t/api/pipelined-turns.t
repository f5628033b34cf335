#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who sends many requests at once does not have the worker for all of them:
# others are served in between.

use lib 't/lib';
use Chat;

use Raw qw(exchange request);

use constant MANY => 60;

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    log_format turns '$arg_who $status';

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; access_log %%DIR%%/turns.log turns; }
    }
}
CONF

my ($worker) = $t->workers;
my $many = $t->socket;

is((exchange($many, request($t, GET => 'nothing?who=first')))[0]{code}, 404,
   'a connection that the worker knows');

# both are there when it looks; the new one has to be accepted before

kill 'STOP', $worker;
$many->syswrite(join '', map { request($t, GET => 'nothing?who=many') }
                         1 .. MANY);

my $other = $t->socket;

$other->syswrite(request($t, GET => 'nothing?who=other'));
kill 'CONT', $worker;

is(scalar(grep { $_->{code} == 404 } exchange($many, '', MANY)), MANY,
   'all of them are answered');
is((exchange($other, ''))[0]{code}, 404, 'and the other one');

my @order = wait_for(sub {
    my @lines = split /\n/, $t->read('turns.log');
    return @lines == MANY + 2 ? \@lines : undef;
})->@*;

my ($at) = grep { $order[$_] =~ /^other/ } 0 .. $#order;

cmp_ok($at, '<', MANY / 2, 'who is served long before the last of them');

$t->done;
