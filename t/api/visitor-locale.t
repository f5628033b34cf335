#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The texts are in the language that the page asks for, else in the one that
# the browser prefers, else in English.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my %title = map { $_ => title(locale => $_) } qw(en fr de);

is(keys %{{ reverse %title }}, 3, 'three languages');

# by the field

for my $case (
    ['fr-CA' => 'fr'], ['DE' => 'de'], ['de-Latn-AT' => 'de'], ['es' => 'en'],
    ['fra' => 'en'],
) {
    my ($locale, $language) = @$case;
    is(title(locale => $locale), $title{$language}, "$locale: $language");
}

# by the browser

for my $case (
    ['fr' => 'fr'],
    ['es, de;q=0.5' => 'de'],
    ['de;q=0.2, fr;q=0.9' => 'fr'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5' => 'fr'],
    ['fr;q=0, de' => 'de'],
    ['fr;q=0' => 'en'],
    ['*' => 'en'],
    ['' => 'en'],
    [';;,,=;q=' => 'en'],
    ['fr;q=nonsense' => 'en'],
    [join(',', ('xx') x 500, 'de') => 'de'],
) {
    my ($accept, $language) = @$case;

    is(title(undef, undef, $accept), $title{$language},
       "Accept-Language: \"" . substr($accept, 0, 50) . "\": $language");
}

# a byte that is not text

is(title(undef, undef, "\xff\xfe, de"), $title{de}, 'bytes that are no text');

# who asks for the most precise is heard

is(title(locale => 'de', 'fr'), $title{de}, 'the page comes first');

# the locale of a message is what operators see

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('Bonjour', locale => 'fr-FR');

is($admin->conversation($visitor->conversation)->json
         ->{conversation}{locale}, 'fr-FR', 'operators see the language');

# whoever said so once need not say so again

is($visitor->open->session->{texts}{title}, $title{fr}, 'and it is kept');

my $other = $t->visitor;
$other->say('hello');

is($admin->conversation($other->conversation)->json->{conversation}{locale},
   undef, 'no language where none was said');

# what is no language tag

for my $wrong ('', 'f', '1', '-', 'fr_FR', 'français', "fr\n", 'x' x 36,
               'fr--CA', '-fr', 'fr-', '12', 'abcd', 'fr-verylongsubtag')
{
    my $res = $t->browser->post('visitor/session', { locale => $wrong });
    my $shown = $wrong =~ s/\n/\\n/r;

    is($res->code, 422, "no language tag: \"$shown\"");
    is($res->json->{field}, 'locale', 'the field is named');

    is($visitor->say('hello', locale => $wrong)->code, 422,
       'nor is it one with a message');
}

$t->done;


sub title ($field, $value, $accept = undef) {
    return $t->browser->post('visitor/session',
        { defined $field ? ($field => $value) : () },
        headers => { 'Accept-Language' => $accept },
    )->json->{texts}{title};
}
