#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# In the list of who is on the site a ghost talks to nobody, whether it opens a
# conversation or comes back to it.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $there = '203.0.113.7';

my $res = $admin->post('operator/blocks',
                       { network => $there, mode => 'ghost' });
is($res->code, 201, 'an address of ghosts');
my $id = $res->json->{block}{id};

my $ghost = $t->visitor;
my %from = (headers => { 'X-Real-IP' => $there });

$ghost->get('/shoes', %from);

sub visit ($is = sub { 1 }) { wait_for_visit($admin, $is) }
sub post ($path, $body) { $ghost->post($path, $body, %from)->code }
sub text ($text) { return { client_id => $ghost->client_id, text => $text } }

is(visit()->{page}, '/shoes', 'it is on the site');
is(post('visitor/messages', text('boo')), 201, 'it writes');
is(visit()->{conversation}, undef, 'to nobody');
is(post('visitor/session', {}), 200, 'it comes back');
is(visit()->{conversation}, undef, 'to nothing');
is(post('visitor/page', { url => '/you/fools', title => 'You fools' }), 204,
   'a page that only its script knows');
is_deeply([@{ visit() }{qw(page title)}], ['/shoes', undef],
          'is a message, too');

is($admin->delete("operator/blocks/$id")->code, 200, 'it is let in');
is(post('visitor/messages', text('hello')), 201, 'and writes');

my $open = visit(sub { $_->{conversation} })->{conversation};

ok($open, 'now it talks');
is($admin->conversation($open)->code, 200, 'to the team');

$t->done;
