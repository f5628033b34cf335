#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Blocked visitors and addresses are kept out of locations that say so, before
# an upstream, a password or an "allow" is asked; others are not, nor is what
# is shown in place of what was refused.

use lib 't/lib';
use Chat;


my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        set_real_ip_from 127.0.0.1;
        chat_guard on;

        location /chat/ { chat; }

        location /page { proxy_pass http://127.0.0.1:%%PORT2%%/up; }
        location /open { chat_guard off; return 200 "open\n"; }

        location /any {
            satisfy any;
            allow all;
            proxy_pass http://127.0.0.1:%%PORT2%%/any;
        }

        location /password {
            auth_basic staff;
            auth_basic_user_file %%DIR%%/nobody;
        }

        location /instead {
            error_page 403 /sorry.html;
            proxy_pass http://127.0.0.1:%%PORT2%%/instead;
        }

        location = /sorry.html { root %%DIR%%; }

        location /moved {
            chat_guard off;
            error_page 404 = @there;
            return 404;
        }

        location @there { proxy_pass http://127.0.0.1:%%PORT2%%; }

        location /parts {
            chat_guard off;
            ssi on;
            ssi_types *;
            alias %%DIR%%/parts;
        }

        location /part { proxy_pass http://127.0.0.1:%%PORT2%%; }
    }

    server {
        listen 127.0.0.1:%%PORT3%%;

        location /late {
            set_real_ip_from 127.0.0.1;
            chat_guard on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
    }

    server {
        listen [::1]:%%PORT4%%;

        location / {
            chat_guard on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;
        access_log %%DIR%%/upstream.log;
        location / { return 200 "from upstream"; }
    }
}
CONF

$t->write('nobody', "nobody:x\n");
$t->write('sorry.html', "sorry\n");
mkdir $t->dir . '/parts';
chmod 0755, $t->dir . '/parts';
$t->write('parts/index.html', '[<!--# include virtual="/part" -->]');

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');


# a page as a client at an address sees it: status and body

sub page ($path, $address = undef, %opt) {
    my $agent = $opt{agent} || $t->browser;
    my $res = $agent->get($path, unjudged => 1, %opt,
        headers => { $address ? ('X-Real-IP' => $address) : () });

    return join ' ', $res->code // 'none', $res->body =~ s/[\r\n].*//sr;
}


sub upstream { scalar split /\n/, $t->read('upstream.log') }


sub block ($mode, %what) {
    my $res = $admin->post('operator/blocks', { mode => $mode, %what });

    return $res->json->{block}{id};
}


my $there = '203.0.113.7';

is(page('/page', $there), '200 from upstream', 'nobody is blocked');

my $id = block('refuse', network => '203.0.113.0/24');
my $before = upstream();

is(page('/page', $there), '403 <html>', 'refused');
is(page('/page', '203.0.114.7'), '200 from upstream', 'others are not');
is(page('/open', $there), '200 open', 'a location without a guard');
is(page('/any', $there), '403 <html>', 'whatever else would let it in');
is(page('/password', $there), '403 <html>', 'no password is asked for');
like(page('/password', '203.0.114.7'), qr/^401 /, 'of others one is');
like(page('/instead', $there), qr/^403 sorry/, 'a page instead');
is(page('/moved', $there), '403 <html>', 'where a redirect ends');
is(page('/moved', '203.0.114.7'), '200 from upstream', 'and others get there');
is(page('/parts/index.html', $there), '200 [from upstream]', 'a part is no request');
is(upstream(), $before + 3, 'the upstream was asked for the others only');

is(page('/late', $there, port => $t->port(3)), '403 <html>',
   'by an address that only the location corrects');
is(page('/late', '203.0.114.7', port => $t->port(3)), '200 from upstream',
   'and another one');

my ($listed) = @{ $admin->get('operator/blocks')->json->{blocks} };
is($listed->{met}, 6, 'each was counted once');
is(scalar(() = $t->log =~ /chat refused a request by block $id, /g), 6,
   'and is in the log once');

is($admin->get('operator/blocks')->code, 200, 'operators are let in');

block('close', network => '203.0.113.0/24');
is(page('/page', $there), 'none ', 'closed');
is(page('/instead', $there), 'none ', 'without any page');

block('ghost', network => '203.0.113.0/24');
is(page('/page', $there), '200 from upstream', 'a ghost sees the site');


# IPv6, and IPv4 by way of it

sub six ($path = '/') {
    return $t->curl('-o', '/dev/null', '-w', '%{http_code}',
                    'http://[::1]:' . $t->port(4) . $path);
}

is(six(), '200', 'a client of IPv6');
my $six = block('refuse', network => '::1/128');
is(six(), '403', 'refused by its address');
$admin->delete("operator/blocks/$six");
is(six(), '200', 'and let in');
block('refuse', network => '198.51.100.0/25');
is(page('/page', '::ffff:198.51.100.9'), '403 <html>', 'IPv4 in IPv6');
is(page('/page', '::ffff:198.51.100.129'), '200 from upstream', 'its neighbour');


# a visitor, by the cookie

is(page('/page', undef, agent => $visitor), '200 from upstream', 'a visitor');

my $person = block('refuse', conversation => $visitor->conversation);

is(page('/page', undef, agent => $visitor), '403 <html>', 'blocked');
is(page('/page', undef), '200 from upstream', 'by the cookie only');

my $stolen = $t->browser->get('/page', unjudged => 1,
    headers => { Cookie => 'chat_visitor=' . 'A' x 43 });
is($stolen->code, 200, 'a cookie of nobody is nobody\'s');

$admin->delete("operator/blocks/$person");
is(page('/page', undef, agent => $visitor), '200 from upstream', 'lifted');


# an operator who blocks too much

block('refuse', network => '127.0.0.0/8');
is(page('/page'), '403 <html>', 'everybody here');
is($admin->get('operator/blocks')->code, 200, 'the console works');
like(page('/chat/console/'), qr/^200 /, 'and can be opened');

$t->done;
